using Florist.Customers;
using Florist.Kernel;
using static Florist.Tests.Customers.CustomerSamples;

namespace Florist.Tests.Customers;

public class RecipientRulesTests
{
    [Fact]
    public void A_customer_has_at_most_a_hundred_recipients()
    {
        CustomerRecord record = Created;
        for (int i = 0; i < CustomerLimits.RecipientsMax; i++)
        {
            AddRecipient add = new(null, Mum with { Id = new($"mum-{i}") });
            record = record.Apply(Anna, Value(RecipientRules.Add(record, add, Anna)), Now);
        }

        Fault fault = Refusal(RecipientRules.Add(record, new(null, Mum), Anna));
        Assert.Equal((FaultKind.TooMany, "RECIPIENTS_LIMIT"), (fault.Kind, fault.Reason));
        CustomerRecord fewer = record.Apply(
            Anna, Value(RecipientRules.Remove(record, new(null, null, new("mum-7")), Anna)), Now);
        Assert.Null(RecipientRules.Add(fewer, new(null, Mum), Anna).Fault);
    }

    [Fact]
    public void A_recipients_id_is_taken_once()
    {
        Fault fault = Refusal(RecipientRules.Add(WithMum, new(null, Mum), Anna));
        Assert.Equal((FaultKind.Exists, "customers/anna/recipients/mum"), (fault.Kind, fault.Values["name"]));
    }

    [Fact]
    public void A_recipient_has_a_name()
    {
        Fault added = Refusal(RecipientRules.Add(Created, new(null, new() { Id = new("x") }), Anna));
        Assert.Equal("recipient.given_name", added.Fields[0].Field);
        ChangeRecipient unname = new(null, null, new() { Id = new("mum") }, Paths("given_name"));
        Assert.Equal("REQUIRED", Refusal(RecipientRules.Change(WithMum, unname, Anna)).Reason);
    }

    [Fact]
    public void A_change_takes_only_the_named_fields()
    {
        Recipient values = new() { Id = new("mum"), FamilyName = "Lee", Deceased = true };
        CustomerChange change = Value(RecipientRules.Change(WithMum, new(null, null, values, Paths("deceased")), Anna));
        Recipient kept = Assert.IsType<RecipientSet>(change).Recipient;
        Assert.Equal(("Mary", "", true), (kept.GivenName, kept.FamilyName, kept.Deceased));
    }

    [Fact]
    public void A_recipients_version_is_its_own()
    {
        string etag = Etags.Of(WithMum.Recipients["mum"].Revision);
        CustomerRecord later = WithMum.Apply(Anna, new ProfileSet(Profile with { GivenName = "Ann" }), Now);
        Recipient values = Mum with { GivenName = "Maria" };
        ChangeRecipient command = new(null, etag, values, Paths("given_name"));
        CustomerRecord changed = later.Apply(Anna, Value(RecipientRules.Change(later, command, Anna)), Now.AddDays(1));
        Assert.Equal(FaultKind.Stale, Refusal(RecipientRules.Change(changed, command, Anna)).Kind);
        Assert.Equal(
            FaultKind.Stale, Refusal(RecipientRules.Remove(changed, new(null, etag, new("mum")), Anna)).Kind);
        Assert.Equal((Now, Now.AddDays(1)), (changed.Recipients["mum"].CreatedAt, changed.Recipients["mum"].UpdatedAt));
    }

    [Fact]
    public void Who_is_not_there_is_not_found_and_a_deleted_customers_recipients_stay_as_they_are()
    {
        RemoveRecipient dad = new(null, null, new("dad"));
        Assert.Equal(
            "customers/anna/recipients/dad", Refusal(RecipientRules.Remove(WithMum, dad, Anna)).Values["name"]);
        CustomerRecord gone = WithMum.Apply(Anna, new CustomerDeleted(Now.AddDays(30)), Now);
        Assert.Equal("CUSTOMER_DELETED", Refusal(RecipientRules.Add(gone, new(null, Mum), Anna)).Reason);
        Assert.Equal(
            "CUSTOMER_DELETED", Refusal(RecipientRules.Remove(gone, new(null, null, new("mum")), Anna)).Reason);
    }
}
