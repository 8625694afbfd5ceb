using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Tests.Delivery;

public sealed class CourierBookTests
{
    private static readonly DateTimeOffset Now = Deliveries.Noon;
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void A_key_works_until_it_is_revoked_or_expires_and_only_with_its_secret()
    {
        CourierBook book = Deliveries.Value(
            Created().Issue(new(null, "k1", Hash, Now.AddDays(1), null, TimeSpan.Zero), Now));

        Assert.Equal(Now.AddDays(1), Deliveries.Value(book.Admit("k1", Hash, Now)).ExpiresAt);
        Assert.Equal("KEY_REVOKED", Deliveries.Refusal(book.Admit("k1", new string('b', 64), Now)).Reason);
        Assert.Equal("KEY_REVOKED", Deliveries.Refusal(book.Admit("k2", Hash, Now)).Reason);
        Assert.Equal("KEY_REVOKED", Deliveries.Refusal(book.Admit("k1", Hash, Now.AddDays(1))).Reason);
        CourierBook revoked = Deliveries.Value(book.Revoke(new(null, "k1"), Now));
        Assert.Equal("KEY_REVOKED", Deliveries.Refusal(revoked.Admit("k1", Hash, Now)).Reason);
        Assert.Equal("KEY_REVOKED", Deliveries.Refusal(revoked.Standing("k1", null)).Reason);
        Assert.Equal(Done.Value, Deliveries.Value(book.Standing("k1", "depot")));
    }

    [Fact]
    public void A_replaced_key_works_beside_the_new_one_for_the_overlap_and_no_longer()
    {
        CourierBook book = Deliveries.Value(Created().Issue(new(null, "k1", Hash, null, null, TimeSpan.Zero), Now));

        book = Deliveries.Value(book.Issue(new(null, "k2", Hash, null, "k1", TimeSpan.FromHours(24)), Now));

        Assert.Null(Deliveries.Value(book.Admit("k2", Hash, Now.AddYears(1))).ExpiresAt);
        Assert.Equal(Now.AddHours(24), Deliveries.Value(book.Admit("k1", Hash, Now)).ExpiresAt);
        Assert.Equal("KEY_REVOKED", Deliveries.Refusal(book.Admit("k1", Hash, Now.AddHours(24))).Reason);
        Assert.Equal(
            FaultKind.NotFound,
            Deliveries.Refusal(book.Issue(new(null, "k3", Hash, null, "k9", TimeSpan.Zero), Now)).Kind);
    }

    [Fact]
    public void Five_keys_work_at_once_and_of_others_only_some_are_remembered()
    {
        CourierBook book = Created();
        for (int number = 1; number <= 5; number++)
        {
            book = Deliveries.Value(book.Issue(new(null, $"k{number}", Hash, null, null, TimeSpan.Zero), Now));
        }

        Assert.Equal(
            "COURIER_KEYS_LIMIT",
            Deliveries.Refusal(book.Issue(new(null, "k6", Hash, null, null, TimeSpan.Zero), Now)).Reason);
        for (int number = 6; number <= 60; number++)
        {
            book = Deliveries.Value(book.Revoke(new(null, $"k{number - 1}"), Now));
            book = Deliveries.Value(book.Issue(new(null, $"k{number}", Hash, null, null, TimeSpan.Zero), Now));
        }

        Assert.Equal(20, book.Keys.Length);
        Assert.Equal(5, book.Keys.Count(key => key.Works(Now)));
        Assert.InRange(FloristJson.WriteBytes(book).Length, 1, 16 * 1024);
    }

    [Fact]
    public void A_quarantine_is_told_once_holds_for_its_producer_alone_and_is_lifted_by_name()
    {
        CourierBook shut = new CourierBook().Quarantine(Deliveries.Swift, new("depot", 200, 101), Now);
        CourierBook again = shut.Quarantine(Deliveries.Swift, new("depot", 300, 300), Now);

        Assert.Same(shut, again);
        CourierQuarantined alert = Assert.Single(shut.Effects.Pending).Read<CourierQuarantined>();
        Assert.Equal((Deliveries.Swift, "depot", 200, 101), (alert.Courier, alert.ProducerId, alert.Updates, alert.Rejected));
        Assert.Equal("COURIER_QUARANTINED", Deliveries.Refusal(shut.Standing(null, "depot")).Reason);
        Assert.Equal(Done.Value, Deliveries.Value(shut.Standing(null, "van")));
        CourierBook lifted = Deliveries.Value(shut.Lift(new(null, "depot"), Now));
        Assert.Equal(Done.Value, Deliveries.Value(lifted.Standing(null, "depot")));
        Assert.Equal(FaultKind.NotFound, Deliveries.Refusal(lifted.Lift(new(null, "depot"), Now)).Kind);
    }

    [Fact]
    public void A_disabled_courier_may_do_nothing_until_it_is_enabled()
    {
        CourierBook disabled = Deliveries.Value(Created().Enable(new(null, IsEnabled: false, null), Now));

        Assert.Equal("COURIER_DISABLED", Deliveries.Refusal(disabled.Standing(null, null)).Reason);
        Assert.Equal("COURIER_DISABLED", Deliveries.Refusal(disabled.Webhook()).Reason);
        Assert.Same(disabled, Deliveries.Value(disabled.Enable(new(null, IsEnabled: false, null), Now)));
        CourierBook enabled = Deliveries.Value(disabled.Enable(new(null, IsEnabled: true, disabled.View().Etag), Now));
        Assert.Equal(Done.Value, Deliveries.Value(enabled.Standing(null, null)));
        Assert.Equal(
            FaultKind.Stale, Deliveries.Refusal(enabled.Enable(new(null, IsEnabled: false, "\"1\""), Now)).Kind);
    }

    [Fact]
    public void A_vocabulary_needs_a_secret_and_a_view_shows_no_secrets()
    {
        CourierProfile unchecked_ = new() { DisplayName = "Swift", Webhooks = WebhookVocabulary.Uber };
        Assert.Equal(
            "REQUIRED", Deliveries.Refusal(new CourierBook().Create(Deliveries.Swift, new(null, unchecked_), Now)).Reason);

        CourierBook book = Deliveries.Value(new CourierBook().Create(
            Deliveries.Swift, new(null, unchecked_ with { SealedSecret = "SEALED" }), Now));
        book = Deliveries.Value(book.Issue(new(null, "k1", Hash, null, null, TimeSpan.Zero), Now));

        string view = FloristJson.Write(book.View());
        Assert.DoesNotContain("SEALED", view, StringComparison.Ordinal);
        Assert.DoesNotContain(Hash, view, StringComparison.Ordinal);
        Assert.Equal("SEALED", Deliveries.Value(book.Webhook()).SealedSecret);
    }

    private static CourierBook Created() => Deliveries.Value(
        new CourierBook().Create(Deliveries.Swift, new(null, new CourierProfile { DisplayName = "Swift" }), Now));
}
