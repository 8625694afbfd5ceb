using System.Text;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Protos.Occasions.V1;
using Florist.Server.Gateway;
using Google.Protobuf;

namespace Florist.Server.Tests.Gateway;

public sealed class RequestJsonTests
{
    private const string Occasions = "/v1/customers/a/occasions";

    private static readonly RouteTable Routes = new(new Contracts());

    [Fact]
    public void Path_query_and_body_make_one_request()
    {
        var request = (CreateOccasionRequest)Make(
            "POST", "/v1/customers/anna/occasions", "requestId=0b7d9a3e-6c1f-4a52-9d8e-2f4c6a8b0c1d",
            """{"kind": "BIRTHDAY", "title": "Mum", "leadDays": [7, 1], "date": {"month": 5, "day": 3}}""");

        Assert.Equal("customers/anna", request.Parent);
        Assert.Equal("0b7d9a3e-6c1f-4a52-9d8e-2f4c6a8b0c1d", request.RequestId);
        Assert.Equal("Mum", request.Occasion.Title);
        Assert.Equal([7, 1], request.Occasion.LeadDays);
        Assert.Equal(5, request.Occasion.Date.Month);
    }

    [Theory]
    [InlineData("update_mask=title,lead_days")]
    [InlineData("updateMask=title,leadDays")]
    public void A_mask_may_be_spelled_as_in_the_contract_or_as_in_JSON(string query)
    {
        var request = (UpdateOccasionRequest)Make(
            "PATCH", "/v1/customers/anna/occasions/o1", query, """{"title": "Mother"}""");

        Assert.Equal(["title", "lead_days"], request.UpdateMask.Paths);
        Assert.Equal("customers/anna/occasions/o1", request.Occasion.Name);
    }

    [Fact]
    public void Repeated_fields_and_flags_come_from_the_query()
    {
        var batch = (BatchGetCustomersRequest)Make(
            "GET", "/v1/customers:batchGet", "names=customers/a&names=customers/b", "");
        var list = (ListCustomersRequest)Make("GET", "/v1/customers", "show_deleted=true&page_size=7", "");

        Assert.Equal(["customers/a", "customers/b"], batch.Names);
        Assert.True(list.ShowDeleted);
        Assert.Equal(7, list.PageSize);
    }

    [Theory]
    [InlineData("GET", "/v1/customers", "foo=1", "", "foo", "UNKNOWN_PARAMETER")]
    [InlineData("GET", "/v1/customers", "page_size=1&page_size=2", "", "page_size", "GIVEN_TWICE")]
    [InlineData("GET", "/v1/customers", "page_size=many", "", "page_size", "INVALID_VALUE")]
    [InlineData("GET", "/v1/customers", "show_deleted=perhaps", "", "show_deleted", "INVALID_VALUE")]
    [InlineData("GET", "/v1/customers", "page_size.x=1", "", "page_size.x", "UNKNOWN_PARAMETER")]
    [InlineData("GET", "/v1/customers", "", "{}", "body", "UNEXPECTED_BODY")]
    [InlineData("POST", Occasions, "occasion.title=x", "{}", "occasion.title", "UNKNOWN_PARAMETER")]
    [InlineData("POST", "/v1/customers/a/occasions/o:mute", "etag=1", "{}", "etag", "UNKNOWN_PARAMETER")]
    [InlineData("POST", Occasions, "", "{", "occasion", "INVALID_JSON")]
    [InlineData("POST", Occasions, "", "[]", "occasion", "INVALID_VALUE")]
    [InlineData("POST", "/v1/customers/a/occasions/o:mute", "", "[]", "body", "INVALID_JSON")]
    [InlineData("POST", Occasions, "", "{\"title\":\"a\",\"title\":\"b\"}", "occasion", "INVALID_JSON")]
    [InlineData("POST", Occasions, "", "{\"colour\":1}", "occasion.colour", "UNKNOWN_FIELD")]
    [InlineData("POST", Occasions, "", "{\"kind\":\"FEAST\"}", "occasion.kind", "INVALID_VALUE")]
    [InlineData("POST", Occasions, "", "{\"title\":7}", "occasion.title", "INVALID_VALUE")]
    [InlineData("POST", Occasions, "", "{\"leadDays\":[\"x\"]}", "occasion.lead_days", "INVALID_VALUE")]
    [InlineData("POST", Occasions, "", "{\"date\":{\"mon\":1}}", "occasion.date.mon", "UNKNOWN_FIELD")]
    [InlineData(
        "PATCH", "/v1/customers/a", "", "{\"name\":\"customers/b\"}", "customer.name", "DIFFERS_FROM_PATH")]
    public void What_does_not_fit_is_refused_by_the_path_of_its_field(
        string verb, string path, string query, string body, string field, string reason)
    {
        Assert.True(Assemble(verb, path, query, body).Failed(out Fault? fault, out _));

        FieldFault wrong = Assert.Single(fault.Fields);
        Assert.Equal((field, reason), (wrong.Field, wrong.Reason));
    }

    [Fact]
    public void Every_wrong_field_is_named_at_once()
    {
        Assert.True(Assemble("POST", Occasions, "", """{"kind": 1.5, "title": [], "x": 0}""")
            .Failed(out Fault? fault, out _));

        Assert.Equal(["occasion.kind", "occasion.title", "occasion.x"], fault.Fields.Select(f => f.Field).Order());
    }

    [Fact]
    public void A_body_that_nests_too_deeply_is_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);

        Assert.True(Assemble("POST", Occasions, "", deep).Failed(out Fault? fault, out _));
        Assert.Equal("INVALID_JSON", fault.Reason);
    }

    private static IMessage Make(string verb, string path, string query, string body)
    {
        bool failed = Assemble(verb, path, query, body).Failed(out Fault? fault, out IMessage? message);
        Assert.False(failed, fault?.Text);
        return message!;
    }

    private static Outcome<IMessage> Assemble(string verb, string path, string query, string body)
    {
        RouteMatch match = Routes.Find(verb, path, out _) ?? throw new InvalidOperationException("no route");
        IEnumerable<(string, string)> parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Select(part => (part[0], part[1]));
        return RequestJson.Assemble(match, parameters, Encoding.UTF8.GetBytes(body));
    }
}
