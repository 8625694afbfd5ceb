using Florist.Customers;
using Florist.Kernel;

namespace Florist.Tests.Customers;

public class CustomerNamesTests
{
    private static readonly Caller Anna = new(CallerKind.Customer, "anna");
    private static readonly Caller Staff = new(CallerKind.Staff, "kim");

    [Fact]
    public void Me_is_the_calling_customer_and_nobody_for_others()
    {
        Assert.Equal(new CustomerId("anna"), Read("customers/me", Anna).Value);
        Assert.Equal(FaultKind.Invalid, Read("customers/me", Staff).Fault?.Kind);
        Assert.Equal(FaultKind.Denied, Read("customers/me", Caller.Anonymous).Fault?.Kind);
    }

    [Fact]
    public void A_customer_reaches_nobody_else_and_staff_everybody()
    {
        Assert.Equal(new CustomerId("anna"), Read("customers/anna", Anna).Value);
        Assert.Equal(FaultKind.Denied, Read("customers/bob", Anna).Fault?.Kind);
        Assert.Equal(FaultKind.Denied, Read("customers/bob", Caller.Anonymous).Fault?.Kind);
        Assert.Equal(FaultKind.Denied, Read("customers/anna", new(CallerKind.Courier, "anna")).Fault?.Kind);
        Assert.Equal(new CustomerId("bob"), Read("customers/bob", Staff).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("customers/")]
    [InlineData("customers/Anna")]
    [InlineData("customers/-anna")]
    [InlineData("customers/anna/")]
    [InlineData("customers/anna/recipients/mum")]
    [InlineData("orders/anna")]
    public void Anything_else_is_no_customers_name(string name) =>
        Assert.Equal("NAME_INVALID", Read(name, Staff).Fault?.Reason);

    [Fact]
    public void A_childs_name_tells_whose_it_is()
    {
        Outcome<CustomerChild> read = CustomerNames.Child("customers/me/recipients/mum", "recipients", "name", Anna);
        Assert.Equal(new CustomerChild(new("anna"), "mum"), read.Value);
        Assert.Equal(
            FaultKind.Denied,
            CustomerNames.Child("customers/bob/recipients/mum", "recipients", "name", Anna).Fault?.Kind);
        Assert.Equal(
            "NAME_INVALID",
            CustomerNames.Child("customers/anna/occasions/mum", "recipients", "name", Anna).Fault?.Reason);
    }

    private static Outcome<CustomerId> Read(string name, Caller caller) => CustomerNames.Customer(name, "name", caller);
}
