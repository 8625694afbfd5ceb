using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Tests.Messaging.Templates;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Messaging;

/// <summary>A shop that takes orders and writes to its customers, with the world outside scripted.</summary>
internal sealed class LetterShop : IAsyncDisposable
{
    public const string Anna = "anna";

    private LetterShop(TestShop shop)
    {
        Shop = shop;
    }

    public TestShop Shop { get; }

    public ScriptedProvider Email { get; private init; } = new();

    public ScriptedProvider Sms { get; private init; } = new();

    public ICorrespondenceGrain Correspondence => Shop.Grain<ICorrespondenceGrain>(Anna);

    /// <summary>
    /// Opens at <see cref="Letters.Morning"/> with one customer, who has opted into reminders by e-mail.
    /// </summary>
    /// <param name="change">Changes the customer.</param>
    /// <param name="more">Adds to the services, or replaces the world outside.</param>
    public static async Task<LetterShop> Open(
        Func<CustomerProfile, CustomerProfile>? change = null, Action<IServiceCollection>? more = null)
    {
        (ScriptedProvider email, ScriptedProvider sms) = (new(), new());
        TestShop shop = await OrderShop.Start(services =>
        {
            services.AddMessaging();
            services.AddSingleton<IMessageRenderer>(SharedRenderer.Value);
            services.AddSingleton<IEmailTransport>(email);
            services.AddSingleton<ISmsTransport>(sms);
            more?.Invoke(services);
        });
        shop.Time.Set(Letters.Morning);
        CustomerProfile profile = new()
        {
            GivenName = "Anna",
            FamilyName = "Lee",
            Email = "anna@example.com",
            Mobile = "+447700900001",
            Country = "GB",
            LanguageCode = "en-GB",
            TimeZone = "Europe/London",
            Formality = Formality.Informal,
            Preferences = new Preferences { OptIns = [new OptIn(Channel.Email, Purpose.OccasionReminders)] },
        };
        (await shop.Grain<ICustomerGrain>(Anna).Create(
            new CreateCustomer(null, change?.Invoke(profile) ?? profile))).Value();
        (await shop.Grain<ICustomerGrain>(Anna).AddRecipient(new AddRecipient(
            null, new Recipient { Id = new RecipientId("mum"), GivenName = "Mary" }))).Value();
        await shop.RunDue();
        return new LetterShop(shop) { Email = email, Sms = sms };
    }

    /// <summary>A customer who prefers text messages.</summary>
    public static Task<LetterShop> OpenForTexter() => Open(profile => profile with
    {
        Preferences = profile.Preferences with { Channels = [Channel.Sms, Channel.Email] },
    });

    /// <summary>Proposes news of a kind, as the customer is now.</summary>
    public async Task<ImmutableArray<MessageDecision>> Propose(
        MessageKind kind, int? rank = null, DateTimeOffset? at = null)
    {
        CustomerView customer = (await Shop.Grain<ICustomerGrain>(Anna).Get()).Value();
        return await Correspondence.Propose(
            Letters.Candidate(kind, Addressee.Of(customer), at ?? Shop.Time.GetUtcNow(), rank: rank));
    }

    /// <summary>Every message, newest event first.</summary>
    public async Task<ImmutableArray<MessageRecord>> Messages() => await new MessageShelf(Shop.Get<IGrainRows>())
        .Newest(MessageShelf.Of(Anna), 1000, null, CancellationToken.None);

    /// <summary>The only message.</summary>
    public async Task<MessageRecord> Message() => Assert.Single(await Messages());

    /// <summary>Lets time pass and carries out what falls due.</summary>
    public Task Pass(TimeSpan time) => Shop.RunUntil(Shop.Time.GetUtcNow() + time);

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
