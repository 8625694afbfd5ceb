using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Messaging.V1;
using Grpc.Core;
using Orleans.Runtime;

namespace Florist.Messaging;

/// <summary>Shows messages. Reads what correspondences have committed, without waking them.</summary>
internal sealed class MessagesService(IGrainRows rows, IMessageRenderer renderer, ISeal seal)
    : MessageService.MessageServiceBase
{
    private const string Collection = "messages";

    // One page looks at no more rows than this, so that a filter that fits nothing cannot hold a call for long.
    private const int RowsScannedMax = 2000;
    private const int RowsReadAtOnce = 200;

    private readonly MessageShelf shelf = new(rows);

    public override async Task<ListMessagesResponse> ListMessages(
        ListMessagesRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CustomerId customer = CustomerNames.Customer(request.Parent, "parent", caller).OrThrow();
        FilterExpression filter = MessageListing.Filters.Parse(request.Filter).OrThrow();
        string arguments = $"{customer.Name}/{Collection}\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<MessageRecord> found = await List(customer, filter, page, context.CancellationToken);
        ListMessagesResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Messages.AddRange(found.Items.Select(message => message.ToProto(customer, caller.IsInternal)));
        return response;
    }

    public override async Task<Message> GetMessage(GetMessageRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CustomerChild named = CustomerNames.Child(request.Name, Collection, "name", caller).OrThrow();
        MessageId id = new(named.Id);
        MessageRecord? found = MessageId.IsWellFormed(named.Id)
            ? await shelf.Find(MessageShelf.Of(named.Customer.Value), id, context.CancellationToken)
            : null;
        Outcome<MessageRecord> outcome = found is null ? Fault.NotFound(id.Name(named.Customer)) : found;
        MessageRecord record = outcome.OrThrow();
        Message message = record.ToProto(named.Customer, caller.IsInternal);
        message.TextBody = record.Model is { } model ? TextOf(model, record.Channel) : "";
        return message;
    }

    public override Task<PreviewMessageResponse> PreviewMessage(
        PreviewMessageRequest request, ServerCallContext context)
    {
        Outcome<MessageModel> read = Caller.Of(context).IsInternal
            ? MessageMessages.ReadSample(request)
            : Fault.Denied("the caller may not do this");
        MessageModel model = read.OrThrow();
        string sms = renderer.Sms(model);
        PreviewMessageResponse response = new()
        {
            SmsBody = sms,
            SmsSegmentCount = SmsText.Measure(sms).Segments,
            TemplateVersion = renderer.Version,
        };
        if (KindPolicy.Of(model.Kind).MayTakeEmail)
        {
            RenderedEmail email = renderer.Email(model);
            response.Subject = email.Subject;
            response.TextBody = email.Text;
            response.HtmlBody = email.Html;
        }

        return Task.FromResult(response);
    }

    private string TextOf(MessageModel model, Channel channel) =>
        channel == Channel.Sms ? renderer.Sms(model) : renderer.Email(model).Text;

    private async Task<Page<MessageRecord>> List(
        CustomerId customer, FilterExpression filter, PageRequest page, CancellationToken cancellationToken)
    {
        GrainId owner = MessageShelf.Of(customer.Value);
        ImmutableArray<MessageRecord>.Builder items = ImmutableArray.CreateBuilder<MessageRecord>();
        string? after = page.After;
        for (int scanned = 0; scanned < RowsScannedMax;)
        {
            ImmutableArray<MessageRecord> read =
                await shelf.Newest(owner, RowsReadAtOnce, after, cancellationToken);
            foreach (MessageRecord message in read)
            {
                scanned++;
                after = message.Id.Value;
                if (filter.Matches(field => MessageListing.Read(message, field)))
                {
                    items.Add(message);
                }

                if (items.Count == page.Size)
                {
                    return new(items.ToImmutable(), after);
                }
            }

            if (read.Length < RowsReadAtOnce)
            {
                return new(items.ToImmutable(), null);
            }
        }

        return new(items.ToImmutable(), after);
    }
}
