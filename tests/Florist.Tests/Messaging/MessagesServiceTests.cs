using Florist.Kernel;
using Florist.Messaging;
using Florist.Protos.Messaging.V1;
using Florist.Tests.Messaging.Templates;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Messaging.V1.MessageService.MessageServiceClient;
using ProtoCustomer = Florist.Protos.Customers.V1.Customer;
using Types = Florist.Protos.Messaging.V1.Message.Types;

namespace Florist.Tests.Messaging;

public sealed class MessagesServiceTests : IAsyncLifetime
{
    private LetterShop? shop;
    private TestEdge? edge;

    private LetterShop Shop => shop ?? throw new InvalidOperationException("not started");

    private TestEdge Edge => edge ?? throw new InvalidOperationException("not started");

    private Client Anna => new(Edge.As(CallerKind.Customer, LetterShop.Anna));

    private Client Staff => new(Edge.As(CallerKind.Staff, "kim"));

    public async ValueTask InitializeAsync()
    {
        shop = await LetterShop.OpenForTexter();
        edge = await TestEdge.Start(shop.Shop, map => map.MapMessaging(), services =>
        {
            services.AddSingleton(Shop.Shop.Get<IGrainRows>());
            services.AddSingleton<IMessageRenderer>(SharedRenderer.Value);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (edge is not null)
        {
            await edge.DisposeAsync();
        }

        if (shop is not null)
        {
            await shop.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_customer_sees_their_messages_and_staff_see_the_provider_too()
    {
        await Shop.Propose(MessageKind.OrderConfirmed);
        await Shop.Shop.RunDue();

        Message mine = Assert.Single((await Anna.ListMessagesAsync(new() { Parent = "customers/me" })).Messages);
        Message theirs = await Staff.GetMessageAsync(new() { Name = mine.Name });

        Assert.StartsWith("customers/anna/messages/", mine.Name, StringComparison.Ordinal);
        Assert.Equal(
            (Types.Kind.OrderConfirmed, Types.State.Sent, ProtoCustomer.Types.Channel.Email, 1, "orders/o1"),
            (mine.Kind, mine.State, mine.Channel, mine.AttemptCount, mine.Order));
        Assert.Equal(Letters.Morning, mine.SendTime.ToDateTimeOffset());
        Assert.Equal("", mine.ProviderId);
        Assert.StartsWith("P-anna.", theirs.ProviderId, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(Shop.Email.Emails).Text, theirs.TextBody);
        Assert.Equal("", mine.TextBody);
    }

    [Fact]
    public async Task Messages_are_listed_newest_first_page_by_page()
    {
        for (int i = 0; i < 7; i++)
        {
            await Shop.Propose(MessageKind.OrderConfirmed, at: Letters.Morning.AddMinutes(-i));
        }

        ListMessagesRequest request = new() { Parent = "customers/anna", PageSize = 3 };
        List<Message> all = [];
        List<int> sizes = [];
        do
        {
            ListMessagesResponse page = await Staff.ListMessagesAsync(request);
            all.AddRange(page.Messages);
            sizes.Add(page.Messages.Count);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal([3, 3, 1], sizes);
        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => Letters.Morning.AddMinutes(-i)),
            all.Select(message => message.EventTime.ToDateTimeOffset()));
    }

    [Theory]
    [InlineData("kind = DELIVERED", 2)]
    [InlineData("kind = DELIVERED AND channel = SMS", 1)]
    [InlineData("state = SUPPRESSED", 1)]
    [InlineData("reason = \"SUPERSEDED\"", 1)]
    [InlineData("state != SENT", 1)]
    [InlineData("order = \"orders/o1\"", 3)]
    [InlineData("order = \"orders/o2\"", 0)]
    [InlineData("create_time > \"2030-01-01T00:00:00Z\"", 0)]
    [InlineData("send_time:*", 2)]
    public async Task Listings_can_be_filtered(string filter, int count)
    {
        await Shop.Propose(MessageKind.Delivered, NewsRanks.DeliveryEnded);
        await Shop.Propose(MessageKind.OutForDelivery, NewsRanks.Step(1, 1));
        await Shop.Shop.RunDue();

        ListMessagesResponse found =
            await Anna.ListMessagesAsync(new() { Parent = "customers/anna", Filter = filter });

        Assert.Equal(count, found.Messages.Count);
    }

    [Theory]
    [InlineData("customers/ben", "", "", StatusCode.PermissionDenied)]
    [InlineData("customers/anna", "kind = NONSENSE", "", StatusCode.InvalidArgument)]
    [InlineData("customers/anna", "subject = \"x\"", "", StatusCode.InvalidArgument)]
    [InlineData("customers/anna", "", "forged", StatusCode.InvalidArgument)]
    [InlineData("anna", "", "", StatusCode.InvalidArgument)]
    public async Task A_listing_that_may_not_be_or_cannot_be_is_refused(
        string parent, string filter, string token, StatusCode status)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await Anna.ListMessagesAsync(
            new() { Parent = parent, Filter = filter, PageToken = token }));

        Assert.Equal(status, refused.StatusCode);
    }

    [Theory]
    [InlineData("customers/anna/messages/0123456789abcdefghjkme", StatusCode.NotFound)]
    [InlineData("customers/anna/messages/x", StatusCode.NotFound)]
    [InlineData("customers/ben/messages/0123456789abcdefghjkme", StatusCode.PermissionDenied)]
    [InlineData("customers/anna/letters/x", StatusCode.InvalidArgument)]
    public async Task A_message_that_is_not_there_or_not_theirs_is_refused(string name, StatusCode status)
    {
        RpcException refused =
            await Assert.ThrowsAsync<RpcException>(async () => await Anna.GetMessageAsync(new() { Name = name }));

        Assert.Equal(status, refused.StatusCode);
    }

    [Fact]
    public async Task Staff_preview_a_text_and_send_nothing()
    {
        PreviewMessageResponse preview = await Staff.PreviewMessageAsync(new()
        {
            Kind = Types.Kind.OccasionReminder,
            LanguageCode = "de-AT",
            Formality = ProtoCustomer.Types.Formality.Informal,
        });

        Assert.Equal("Der 60. Geburtstag von Käthe ist am Samstag, 6. März 2027", preview.Subject);
        Assert.Contains("du hast uns gebeten", preview.TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"de\">", preview.HtmlBody, StringComparison.Ordinal);
        Assert.InRange(preview.SmsSegmentCount, 1, 2);
        Assert.Equal(SharedRenderer.Value.Version, preview.TemplateVersion);
        Assert.Empty(Shop.Email.Emails);
    }

    [Fact]
    public async Task A_kind_that_never_goes_by_email_is_previewed_without_one()
    {
        PreviewMessageResponse preview = await Staff.PreviewMessageAsync(new() { Kind = Types.Kind.NearlyThere });

        Assert.Equal(("", "", ""), (preview.Subject, preview.TextBody, preview.HtmlBody));
        Assert.StartsWith("Florist: the courier is nearly there", preview.SmsBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_is_for_staff_and_names_every_mistake()
    {
        RpcException denied = await Assert.ThrowsAsync<RpcException>(async () =>
            await Anna.PreviewMessageAsync(new() { Kind = Types.Kind.Delivered }));
        RpcException wrong = await Assert.ThrowsAsync<RpcException>(async () =>
            await Staff.PreviewMessageAsync(new() { Kind = (Types.Kind)77, LanguageCode = "de DE" }));
        RpcException sad = await Assert.ThrowsAsync<RpcException>(async () =>
            await Staff.PreviewMessageAsync(new() { Kind = Types.Kind.OccasionReminder, Sympathy = true }));

        Assert.Equal(StatusCode.PermissionDenied, denied.StatusCode);
        Assert.Equal((StatusCode.InvalidArgument, "2 fields are invalid"), (wrong.StatusCode, wrong.Status.Detail));
        Assert.Equal(StatusCode.InvalidArgument, sad.StatusCode);
    }

    [Fact]
    public void Every_kind_state_and_channel_has_its_word_in_the_contract()
    {
        Assert.Equal(
            Enum.GetNames<MessageKind>().Prepend("Unspecified").Order(), Enum.GetNames<Types.Kind>().Order());
        Assert.Equal(
            Enum.GetNames<MessageState>().Prepend("Unspecified").Order(), Enum.GetNames<Types.State>().Order());
        Assert.Equal(
            Enum.GetNames<Florist.Customers.Channel>().Prepend("Unspecified").Order(),
            Enum.GetNames<ProtoCustomer.Types.Channel>().Order());
    }
}
