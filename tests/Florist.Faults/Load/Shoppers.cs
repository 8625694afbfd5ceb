using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Florist.Faults.Processes;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Protos.Delivery.V1;
using Florist.Protos.Occasions.V1;
using Florist.Protos.Orders.V1;
using Florist.Server.Tour;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using DeliveryState = Florist.Protos.Delivery.V1.Delivery.Types.State;
using Purpose = Florist.Protos.Customers.V1.Customer.Types.Purpose;

namespace Florist.Faults.Load;

/// <summary>
/// Clients that play the life of one customer after another: created, an occasion, an order, its delivery or its
/// cancellation. What is not answered is sent again with the same request id, also to the next process, until it is.
/// </summary>
internal sealed class Shoppers(Uri address, ClientLedger ledger) : IDisposable
{
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly TourClients clients = new(address);
    private TimeSpan ahead;
    private int lives;
    private int overtakings;

    /// <summary>Answers that somebody else had changed the same at the same time.</summary>
    public int Overtakings => Volatile.Read(ref overtakings);

    /// <summary>Plays lives with so many clients at once until told to stop; returns when the begun ones are over.</summary>
    public Task Play(int atOnce, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, atOnce).Select(
        client => Task.Run(() => PlayOn(client, stop), CancellationToken.None)));

    /// <summary>Plays so many lives at once.</summary>
    public Task PlayOnce(int number) => Task.WhenAll(Enumerable.Range(0, number).Select(
        client => Task.Run(() => Live(Next(), $"w{client}"))));

    /// <summary>One life.</summary>
    /// <param name="number">Even: by e-mail, odd: by text; every fifth cancels.</param>
    /// <param name="courier">The courier that delivers.</param>
    public async Task Live(int number, string courier)
    {
        Operation customer = Begin(Asked.Customer, "");
        if (!await CreateCustomer(customer, number))
        {
            return;
        }

        Operation occasion = Begin(Asked.Occasion, customer.Tag);
        await Ask(occasion, async options =>
            (await clients.Occasions.CreateOccasionAsync(NewOccasion(occasion, customer.Name), options)).Name);
        Operation order = Begin(Asked.Order, customer.Tag);
        if (!await Ask(order, async options =>
            (await clients.Orders.CreateOrderAsync(NewOrder(order, customer.Name), options)).Name))
        {
            return;
        }

        await Paid(order);
        await (number % 5 == 4 ? CallOff(order) : Deliver(order, courier));
    }

    /// <summary>The id that every repeat of an operation carries.</summary>
    public static string RequestId(Operation operation)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(operation.Tag));
        string hex = Convert.ToHexStringLower(hash);
        return $"{hex[..8]}-{hex[8..12]}-4{hex[13..16]}-8{hex[17..20]}-{hex[20..32]}";
    }

    /// <summary>Creates a customer, until it is answered; true when it was done.</summary>
    public Task<bool> CreateCustomer(Operation customer, int number) => Ask(customer, async options =>
        (await clients.Customers.CreateCustomerAsync(NewCustomer(customer, number), options)).Name);

    /// <summary>Creates an order, once, and answers its name.</summary>
    public async Task<string> CreateOrder(Operation order, string customer) => (await clients.Orders.CreateOrderAsync(
        NewOrder(order, customer), clients.Staff, Deadline())).Name;

    /// <summary>A new operation of the shop's present day.</summary>
    public Operation Begin(Asked asked, string parent) => ledger.Begin(asked, parent, ahead);

    /// <summary>Turns the shop's clock forward; what falls due on the way is done when it returns.</summary>
    /// <returns>False when the server ended meanwhile, with the clock somewhere on the way.</returns>
    public async Task<bool> Advance(TimeSpan by)
    {
        ahead += by;
        try
        {
            await clients.Sandbox.AdvanceClockAsync(
                new Protos.Sandbox.V1.AdvanceClockRequest { Duration = Duration.FromTimeSpan(by) }, clients.Staff);
            return true;
        }
        catch (RpcException ended) when (ended.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    public void Dispose() => clients.Dispose();

    private async Task PlayOn(int client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Live(Next(), $"w{client}");
        }
    }

    // An order is answered after some seconds also when its payment is not through yet, and has no delivery until then.
    private async Task Paid(Operation order)
    {
        while (await State(order) is null or Order.Types.State.PendingPayment)
        {
            await Task.Delay(BetweenTries);
        }
    }

    // Null: whoever was asked could not say.
    private async Task<Order.Types.State?> State(Operation order)
    {
        try
        {
            return (await clients.Orders.GetOrderAsync(
                new GetOrderRequest { Name = order.Name }, clients.Staff, Deadline())).State;
        }
        catch (RpcException failed) when (IsForAnotherTry(failed))
        {
            return null;
        }
    }

    private static bool IsForAnotherTry(RpcException failed) => failed.StatusCode is StatusCode.Unavailable
        or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.ResourceExhausted;

    private int Next() => Interlocked.Increment(ref lives) - 1;

    private async Task CallOff(Operation order)
    {
        Operation cancellation = Begin(Asked.Cancellation, order.Tag);
        CancelOrderRequest request = new() { Name = order.Name, RequestId = RequestId(cancellation), Reason = "a test" };
        await Ask(cancellation, async options =>
            (await clients.Orders.CancelOrderAsync(request, options)).Name);
    }

    private async Task Deliver(Operation order, string courier)
    {
        string delivery = $"{order.Name}/deliveries/d1";
        Operation assignment = Begin(Asked.Assignment, order.Tag);
        AssignDeliveryRequest request = new()
        {
            Name = delivery,
            Courier = $"couriers/{courier}",
            RequestId = RequestId(assignment),
        };
        if (!await Ask(assignment, async options =>
            (await clients.Deliveries.AssignDeliveryAsync(request, options)).Name))
        {
            return;
        }

        // The courier's line loses and repeats: the second report arrives before the first, and each comes again.
        Operation collected = Begin(Asked.Report, order.Tag);
        Operation delivered = Begin(Asked.Report, order.Tag);
        Timestamp at = (TimeProvider.System.GetUtcNow() + ahead).ToTimestamp();
        foreach ((Operation report, DeliveryState state) in new[]
        {
            (delivered, DeliveryState.Delivered), (collected, DeliveryState.OutForDelivery),
            (delivered, DeliveryState.Delivered),
        })
        {
            ReportUpdatesRequest said = Report(courier, delivery, report, state, at);
            await Ask(
                report, async options => Accepted(await clients.Couriers.ReportUpdatesAsync(said, options)));
        }
    }

    private static string Accepted(ReportUpdatesResponse answer)
    {
        UpdateResult result = answer.Results.Single();
        return result.Disposition is UpdateResult.Types.Disposition.Rejected or UpdateResult.Types.Disposition.Conflict
            ? throw new RpcException(new Status(StatusCode.Aborted, $"a lawful report was answered {result}"))
            : result.EventId;
    }

    private static ReportUpdatesRequest Report(
        string courier, string delivery, Operation report, DeliveryState state, Timestamp at)
    {
        DeliveryEvent.Types.StateReport step = new() { State = state };
        if (state == DeliveryState.Delivered)
        {
            step.Outcome = Protos.Delivery.V1.Delivery.Types.Outcome.HandedToRecipient;
        }

        DeliveryEvent said = new()
        {
            EventId = report.Tag,
            Delivery = delivery,
            Leg = 1,
            Attempt = 1,
            OccurTime = at,
            StateReport = step,
        };
        return new() { Courier = $"couriers/{courier}", Events = { said } };
    }

    private static CreateCustomerRequest NewCustomer(Operation operation, int number)
    {
        bool byText = number % 2 == 1;
        Customer customer = new()
        {
            GivenName = operation.Tag,
            FamilyName = "Fault",
            RegionCode = "GB",
            LanguageCode = "en-GB",
            Email = byText ? "" : $"{operation.Tag}@example.org",
            Mobile = byText ? string.Create(CultureInfo.InvariantCulture, $"+4477{operation.Tag[2..].PadLeft(8, '0')}") : "",
            Preferences = new() { Channels = { byText ? Channel.Sms : Channel.Email } },
        };
        customer.Preferences.OptIns.Add(new Customer.Types.OptIn
        {
            Channel = byText ? Channel.Sms : Channel.Email,
            Purpose = Purpose.OccasionReminders,
        });
        return new() { Customer = customer, RequestId = RequestId(operation) };
    }

    private static CreateOccasionRequest NewOccasion(Operation operation, string customer)
    {
        DateOnly day = operation.On.AddDays(10);
        return new()
        {
            Parent = customer,
            Occasion = new()
            {
                Kind = Occasion.Types.Kind.Birthday,
                Title = operation.Tag,
                Date = new() { Year = 1970, Month = day.Month, Day = day.Day },
                LeadDays = { 7 },
            },
            RequestId = RequestId(operation),
        };
    }

    private static CreateOrderRequest NewOrder(Operation operation, string customer) => new()
    {
        Order = new()
        {
            Customer = customer,
            Lines = { new OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
            DeliveryDate = DeliveryDay(operation.On).ToProto(),
            CurrencyCode = "GBP",
            CardMessage = new() { Text = operation.Tag },
            DeliveryContact = new()
            {
                GivenName = "Rose",
                Address = new()
                {
                    RegionCode = "GB",
                    PostalCode = "BS1 4DJ",
                    Locality = "Bristol",
                    AddressLines = { "1 Quay Street" },
                },
            },
        },
        PaymentToken = "tok_visa",
        RequestId = RequestId(operation),
    };

    // So far ahead that no cut-off comes in between, and not on a Sunday.
    private static DateOnly DeliveryDay(DateOnly today) =>
        today.AddDays(today.AddDays(60).DayOfWeek == DayOfWeek.Sunday ? 61 : 60);

    // Until it is answered. A status that says "perhaps" or "not now" is no answer.
    private async Task<bool> Ask(Operation operation, Func<CallOptions, Task<string>> call)
    {
        while (true)
        {
            try
            {
                operation.Sent++;
                operation.Name = await call(new CallOptions(clients.Staff, Deadline()));
                ledger.End(operation, Known.Done, "");
                return true;
            }
            catch (RpcException failed) when (IsForAnotherTry(failed))
            {
                await Task.Delay(BetweenTries);
            }
            catch (RpcException overtaken) when (overtaken.StatusCode == StatusCode.Aborted
                && overtaken.Trailers.GetValueBytes(FaultStatus.DetailsTrailer) is { } details
                && Encoding.UTF8.GetString(details).Contains("CONCURRENT_CHANGE", StringComparison.Ordinal))
            {
                // Two silos held the grain for a moment, and the other one wrote first.
                Interlocked.Increment(ref overtakings);
                await Task.Delay(BetweenTries);
            }
            catch (RpcException refused)
            {
                operation.Refusal = $"{refused.StatusCode}: {refused.Status.Detail}";
                ledger.End(operation, Known.Refused, operation.Refusal);
                return false;
            }
        }
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + AnswerWait;
}
