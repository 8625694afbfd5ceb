using Florist.Catalogue;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Orders;
using Florist.Tests.Messaging;
using Florist.Tests.Testing;

namespace Florist.Tests.Orders;

public sealed class OrderSubstitutionsTests
{
    private static readonly BouquetId Roses = new("dozen-red-roses");
    private static readonly StemId Red = new("red-rose");

    [Fact]
    public async Task Who_left_it_to_the_shop_gets_another_stem_of_the_same_colour_at_the_same_price()
    {
        await using TestShop shop = await Confirmed(SubstitutionPolicy.AllowEqualOrGreaterValue);
        OrderRecord before = await shop.Order("o1");

        Outcome<OrderRecord> unlike = await shop.Grain<IOrderGrain>("o1").Propose(Propose("white-rose"));
        OrderRecord replaced = (await shop.Grain<IOrderGrain>("o1").Propose(Propose(SameColour))).OrThrow();

        Assert.Equal("SUBSTITUTE_UNLIKE", unlike.Fault?.Reason);
        Assert.Equal(SubstitutionState.Applied, replaced.Substitutions.Single().State);
        Assert.Equal(before.Terms.Total, replaced.Terms.Total);
        Assert.Equal(OrderState.Preparing, (await Start(shop)).Value?.State);
    }

    [Fact]
    public async Task Who_wants_exactly_what_was_shown_is_not_even_asked()
    {
        await using TestShop shop = await Confirmed(SubstitutionPolicy.NoSubstitution);

        Outcome<OrderRecord> refused = await shop.Grain<IOrderGrain>("o1").Propose(Propose(SameColour));

        Assert.Equal("SUBSTITUTION_NOT_ALLOWED", refused.Fault?.Reason);
    }

    [Theory]
    [InlineData(true, OrderState.Confirmed, SubstitutionState.Accepted)]
    [InlineData(false, OrderState.Cancelled, SubstitutionState.Declined)]
    public async Task Who_wanted_to_be_asked_decides(bool accepts, OrderState state, SubstitutionState answered)
    {
        await using TestShop shop = await Confirmed(SubstitutionPolicy.AskFirst);
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");
        OrderRecord asked = (await order.Propose(Propose("white-rose"))).OrThrow();
        Outcome<OrderRecord> waits = await Start(shop);

        OrderRecord decided = (await order.Answer(
            new AnswerSubstitution(null, null, 1, accepts, "customer:anna"))).OrThrow();
        Outcome<OrderRecord> again = await order.Answer(
            new AnswerSubstitution(null, null, 1, true, "customer:anna"));
        await shop.RunDue();
        OrderRecord done = await shop.Order("o1");

        Assert.Equal(OrderSamples.Morning.AddHours(4), asked.Substitutions.Single().AnswerBy);
        Assert.Equal(PromiseState.AtRisk, asked.Promises.Promises[1].State);
        Assert.Equal("SUBSTITUTION_OPEN", waits.Fault?.Reason);
        Assert.Equal((state, answered), (decided.State, decided.Substitutions.Single().State));
        Assert.Equal("SUBSTITUTION_CLOSED", again.Fault?.Reason);
        Assert.Equal(accepts ? PaymentState.Authorized : PaymentState.Refunded, done.PaymentState);
    }

    [Fact]
    public async Task A_question_that_nobody_answers_ends_the_order_at_its_time_and_the_money_goes_back()
    {
        await using TestShop shop = await Confirmed(SubstitutionPolicy.AskFirst);
        (await shop.Grain<IOrderGrain>("o1").Propose(Propose("white-rose"))).OrThrow();

        await shop.RunUntil(OrderSamples.Morning.AddHours(4).AddSeconds(-1));
        OrderState before = (await shop.Order("o1")).State;
        await shop.RunUntil(OrderSamples.Morning.AddHours(4));
        OrderRecord after = await shop.Order("o1");

        Assert.Equal(OrderState.Confirmed, before);
        Assert.Equal((OrderState.Cancelled, PaymentState.Refunded), (after.State, after.PaymentState));
        Assert.Equal(SubstitutionState.Lapsed, after.Substitutions.Single().State);
        Assert.Equal(PromiseState.MadeGood, after.Promises.Promises[1].State);
        Assert.Null(after.NextDue);
    }

    [Fact]
    public async Task Hazards_and_dislikes_are_looked_at_again_also_where_others_were_accepted()
    {
        await using TestShop shop = await Confirmed(SubstitutionPolicy.AskFirst);
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");
        string lily = Catalogue.DemoCatalogue.Value.Stems
            .First(stem => stem.Hazards.Contains(Hazard.TrueLily)).Id.Value;
        OrderContext cats = OrderSamples.Parties with { HasCats = true };
        OrderContext picky = OrderSamples.Parties with { DislikedStems = ["white-rose"] };

        Outcome<OrderRecord> deadly = await order.Propose(Propose(lily) with { Context = cats });
        Outcome<OrderRecord> disliked = await order.Propose(Propose("white-rose") with { Context = picky });
        Outcome<OrderRecord> unknown = await order.Propose(Propose("plastic"));
        Outcome<OrderRecord> notOrdered = await order.Propose(
            Propose("white-rose") with { Bouquet = new BouquetId("garden-party") });

        Assert.Equal("HAZARD_FOR_PET", deadly.Fault?.Reason);
        Assert.Equal("SUBSTITUTE_DISLIKED", disliked.Fault?.Reason);
        Assert.Equal("STEM_UNKNOWN", unknown.Fault?.Reason);
        Assert.Equal("LINE_NOT_ORDERED", notOrdered.Fault?.Reason);
    }

    [Fact]
    public async Task The_question_reaches_the_customer_by_message()
    {
        await using LetterShop shop = await LetterShop.Open();
        shop.Shop.Time.Set(OrderSamples.Morning);
        await Place(shop.Shop, SubstitutionPolicy.AskFirst);

        (await shop.Shop.Grain<IOrderGrain>("o1").Propose(Propose("white-rose"))).OrThrow();
        await shop.Shop.RunDue();
        MessageRecord question = (await shop.Messages())
            .Single(message => message.Kind == MessageKind.SubstitutionProposed);

        Assert.Equal(MessageState.Sent, question.State);
        Assert.Equal(OrderSamples.Morning.AddHours(4), question.ExpiresAt);
    }

    private static string SameColour => Catalogue.DemoCatalogue.Value.Stems
        .First(stem => stem.Id != Red && stem.Colours.Contains(FlowerColour.Red) && stem.Hazards.IsEmpty).Id.Value;

    private static ProposeSubstitution Propose(string instead) =>
        new(null, null, Roses, Red, new StemId(instead), OrderSamples.Parties);

    private static Task<Outcome<OrderRecord>> Start(TestShop shop) =>
        shop.Grain<IOrderGrain>("o1").StartPreparing(new StartPreparing(null, null));

    private static async Task<TestShop> Confirmed(SubstitutionPolicy policy)
    {
        TestShop shop = await OrderShop.Start();
        await Place(shop, policy);
        return shop;
    }

    private static async Task Place(TestShop shop, SubstitutionPolicy policy)
    {
        (await shop.Grain<IOrderGrain>("o1").Place(
            OrderSamples.Place("o1") with { Draft = OrderSamples.Draft with { Substitution = policy } })).OrThrow();
        await shop.RunDue();
    }
}
