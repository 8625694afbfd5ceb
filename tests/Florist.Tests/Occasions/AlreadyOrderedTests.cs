using Florist.Catalogue;
using Florist.Customers;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Tests.Occasions;

public class AlreadyOrderedTests
{
    private static readonly DateOnly Birthday = Books.Day("2027-03-10");
    private static readonly Occasion Mums = new() { Id = new("b"), Details = Books.MumsBirthday };

    [Theory]
    [InlineData("2027-03-02", OccasionCategory.Birthday, false)]
    [InlineData("2027-03-03", OccasionCategory.Birthday, true)]
    [InlineData("2027-03-13", OccasionCategory.Birthday, true)]
    [InlineData("2027-03-14", OccasionCategory.Birthday, false)]
    [InlineData("2026-03-10", OccasionCategory.Birthday, false)]
    [InlineData("2027-03-07", OccasionCategory.MothersDay, false)]
    [InlineData("2027-03-10", OccasionCategory.MothersDay, true)]
    [InlineData("2027-03-07", OccasionCategory.JustBecause, true)]
    [InlineData("2027-03-07", null, true)]
    public void Flowers_to_the_same_person_count_near_the_day_unless_they_are_for_something_else(
        string deliveryOn, OccasionCategory? category, bool counts)
    {
        Assert.Equal(counts, AlreadyOrdered.For([Order("o", deliveryOn, category)], Mums, Birthday));
    }

    [Theory]
    [InlineData("ben", OccasionCategory.Birthday, false)]
    [InlineData(null, OccasionCategory.Birthday, true)]
    [InlineData(null, OccasionCategory.MothersDay, false)]
    [InlineData(null, null, false)]
    public void Flowers_to_an_address_given_once_count_for_the_same_reason_and_those_to_others_never(
        string? recipient, OccasionCategory? category, bool counts)
    {
        OrderedDelivery order = Order("o", "2027-03-10", category) with
        {
            Recipient = recipient is null ? null : new RecipientId(recipient),
        };

        Assert.Equal(counts, AlreadyOrdered.For([order], Mums, Birthday));
    }

    [Fact]
    public void A_cancelled_order_counts_no_more_whichever_of_its_events_came_first()
    {
        OrderedDelivery confirmed = Order("o", "2027-03-10", OccasionCategory.Birthday);
        OrderedDelivery cancelled = confirmed with { Cancelled = true, Recipient = null };
        DateOnly today = Books.Day("2027-03-01");

        Assert.False(AlreadyOrdered.For(
            AlreadyOrdered.Note(AlreadyOrdered.Note([], confirmed, today), cancelled, today), Mums, Birthday));
        Assert.False(AlreadyOrdered.For(
            AlreadyOrdered.Note(AlreadyOrdered.Note([], cancelled, today), confirmed, today), Mums, Birthday));
    }

    [Fact]
    public void An_order_that_is_told_twice_is_kept_once_and_one_delivered_long_ago_is_dropped()
    {
        OrderedDelivery order = Order("o", "2027-03-10", OccasionCategory.Birthday);
        DateOnly today = Books.Day("2027-03-01");

        Assert.Single(AlreadyOrdered.Note(AlreadyOrdered.Note([], order, today), order, today));
        Assert.Equal(
            [new OrderId("new")],
            AlreadyOrdered.Note([order], Order("new", "2027-06-01", null), Books.Day("2027-05-10"))
                .Select(kept => kept.Order));
    }

    private static OrderedDelivery Order(string id, string deliveryOn, OccasionCategory? category) => new()
    {
        Order = new OrderId(id),
        Recipient = Books.Mum.Id,
        DeliveryOn = Books.Day(deliveryOn),
        Category = category,
    };
}
