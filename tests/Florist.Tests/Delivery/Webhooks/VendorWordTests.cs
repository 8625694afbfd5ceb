using Florist.Delivery;
using Florist.Delivery.Webhooks;

namespace Florist.Tests.Delivery.Webhooks;

/// <summary>Every row of the published mapping, and nothing beside it.</summary>
public sealed class VendorWordTests
{
    public static TheoryData<string, bool, string> Uber => new()
    {
        { "pending", false, "Nothing" },
        { "pickup", false, "Assigned" },
        { "pickup_complete", false, "OutForDelivery" },
        { "dropoff", false, "OutForDelivery" },
        { "delivered", false, "Delivered" },
        { "returned", false, "Returned" },
        { "canceled", false, "GivenUp" },
        { "pending", true, "Returning" },
        { "pickup", true, "Returning" },
        { "pickup_complete", true, "Returning" },
        { "dropoff", true, "Returning" },
        { "delivered", true, "Returned" },
        { "canceled", true, "Failed" },
        { "imminent", false, "Unknown" },
        { "Delivered", false, "Unknown" },
        { "", false, "Unknown" },
    };

    public static TheoryData<string, bool, string> Stuart => new()
    {
        { "pending", false, "Nothing" },
        { "searching", false, "Nothing" },
        { "picking", false, "Assigned" },
        { "almost_picking", false, "Assigned" },
        { "waiting_at_pickup", false, "Assigned" },
        { "delivering", false, "OutForDelivery" },
        { "almost_delivering", false, "OutForDelivery" },
        { "waiting_at_dropoff", false, "Arrived" },
        { "delivered", false, "Delivered" },
        { "cancelled", false, "GivenUp" },
        { "picking", true, "Returning" },
        { "almost_picking", true, "Returning" },
        { "waiting_at_pickup", true, "Returning" },
        { "delivering", true, "AttemptFailed" },
        { "almost_delivering", true, "AttemptFailed" },
        { "waiting_at_dropoff", true, "AttemptFailed" },
        { "delivered", true, "Returned" },
        { "cancelled", true, "GivenUp" },
        { "pending", true, "Nothing" },
        { "searching", true, "Nothing" },
        { "canceled", false, "Unknown" },
    };

    [Theory]
    [MemberData(nameof(Uber))]
    public void A_word_of_uber_means_what_the_mapping_says(string word, bool isReturn, string meaning) =>
        Assert.Equal(meaning, MeaningOf(VendorWord.Find(UberAdapter.Words, word, isReturn)));

    [Theory]
    [MemberData(nameof(Stuart))]
    public void A_word_of_stuart_means_what_the_mapping_says(string word, bool isReturn, string meaning) =>
        Assert.Equal(meaning, MeaningOf(VendorWord.Find(StuartAdapter.Words, word, isReturn)));

    [Fact]
    public void Every_word_stands_in_its_table_once_and_is_tested_here()
    {
        Assert.Equal(UberAdapter.Words.Length, UberAdapter.Words.Select(row => (row.Word, row.IsReturn)).Distinct().Count());
        Assert.Equal(
            StuartAdapter.Words.Length, StuartAdapter.Words.Select(row => (row.Word, row.IsReturn)).Distinct().Count());
        Assert.Equal(UberAdapter.Words.Length, Uber.Count(row => row.Data.Item3 != "Unknown"));
        Assert.Equal(StuartAdapter.Words.Length, Stuart.Count(row => row.Data.Item3 != "Unknown"));
    }

    [Theory]
    [InlineData("address_error", FailureReason.AddressNotFound)]
    [InlineData("package_damaged", FailureReason.ItemDamaged)]
    [InlineData("end-customer_unreachable", FailureReason.RecipientUnreachable)]
    [InlineData("end-customer_refused_package", FailureReason.RecipientRefused)]
    [InlineData("pu_closed", FailureReason.BusinessClosed)]
    [InlineData("wrong_transport_type", FailureReason.CourierIssue)]
    [InlineData("no_supply", FailureReason.CourierIssue)]
    [InlineData("technical_issue", FailureReason.CourierIssue)]
    [InlineData("courier_issue", FailureReason.CourierIssue)]
    [InlineData("duplicate_package", FailureReason.Other)]
    [InlineData("never_heard_of", FailureReason.Other)]
    public void A_reason_of_stuart_is_one_of_ours_or_stands_beside_it_in_words(string key, FailureReason reason) =>
        Assert.Equal(reason, StuartAdapter.Reasons.GetValueOrDefault(key, FailureReason.Other));

    [Theory]
    [InlineData("orders/o1/deliveries/d1/legs/2", true)]
    [InlineData("orders/o1/deliveries/d1/legs/0", false)]
    [InlineData("orders/o1/deliveries/d1/legs/-1", false)]
    [InlineData("orders/o1/deliveries/d1/legs/99999999999", false)]
    [InlineData("orders/o1/deliveries/d1", false)]
    [InlineData("orders/../deliveries/d1/legs/1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_reference_of_ours_is_read_and_no_other(string? text, bool isOurs)
    {
        LegReference? leg = LegReference.Read(text);

        Assert.Equal(isOurs, leg is not null);
        Assert.Equal(isOurs ? text : null, leg?.ToString());
    }

    private static string MeaningOf(VendorWord word) =>
        word.Kind == WordKind.State ? word.State.ToString() : word.Kind.ToString();
}
