using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Messaging;

/// <summary>It is time to remind a customer of an occasion.</summary>
internal sealed class ReminderDueHandler(NewsDesk desk, IOrderQueries orders, ICatalogue catalogue) : IOutboxHandler
{
    // From last year's occasion to this one, and a bit more, for flowers may come early.
    private const int DaysBack = 400;
    private const int OrdersMax = 20;

    public string Topic => OccasionsTopics.ReminderDue;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        ReminderDue due = message.Read<ReminderDue>();
        ImmutableArray<BouquetId> before = await GivenBefore(due, cancellationToken);
        return await desk.Tell(
            message, due.CustomerId, customer => ReminderCandidates.Of(due, customer, catalogue, before));
    }

    /// <summary>Proposed all the same: the correspondence finds it too late, and keeps a record of that.</summary>
    public Task Expired(OutboxMessage message, CancellationToken cancellationToken) =>
        Handle(message, cancellationToken);

    private async Task<ImmutableArray<BouquetId>> GivenBefore(ReminderDue due, CancellationToken cancellationToken)
    {
        if (due.RecipientId is not { } recipient)
        {
            return [];
        }

        string since = due.Date.AddDays(-DaysBack).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string filter = $"recipient = \"{recipient.Name(due.CustomerId)}\" AND delivery_date >= {since}";
        Page<OrderRecord> found = await orders.List(
            due.CustomerId,
            IOrderQueries.Filterable.Parse(filter).OrThrow(),
            new PageRequest(OrdersMax, null),
            cancellationToken);
        return
        [
            .. found.Items
                .Where(order => order.State is not (OrderState.Cancelled or OrderState.Expired))
                .SelectMany(order => order.Draft.Lines)
                .Select(line => line.Bouquet)
                .Distinct(),
        ];
    }
}
