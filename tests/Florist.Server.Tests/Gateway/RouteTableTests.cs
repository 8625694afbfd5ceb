using System.Collections.Immutable;
using Florist.Server.Gateway;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Florist.Server.Tests.Gateway;

public sealed class RouteTableTests
{
    private static readonly Contracts All = new();
    private readonly RouteTable _routes = new(All);

    [Theory]
    [InlineData("GET", "/v1/customers/7q2x", "GetCustomer")]
    [InlineData("DELETE", "/v1/customers/7q2x", "DeleteCustomer")]
    [InlineData("PATCH", "/v1/customers/7q2x", "UpdateCustomer")]
    [InlineData("POST", "/v1/customers", "CreateCustomer")]
    [InlineData("POST", "/v1/customers/7q2x:undelete", "UndeleteCustomer")]
    [InlineData("GET", "/v1/customers:batchGet", "BatchGetCustomers")]
    [InlineData("GET", "/v1/orders/a:b", "GetOrder")]
    [InlineData("GET", "/v1/orders/a:watch", "WatchOrder")]
    [InlineData("POST", "/v1/orders/o/deliveries/1:assign", "AssignDelivery")]
    public void A_request_means_the_method_of_its_path_and_verb(string verb, string path, string method)
    {
        RouteMatch? match = _routes.Find(verb, path, out ImmutableArray<string> allowed);

        Assert.Equal(method, match?.Route.Method.Name);
        Assert.Empty(allowed);
    }

    [Fact]
    public void A_path_with_another_verb_says_which_it_has()
    {
        Assert.Null(_routes.Find("PUT", "/v1/customers/7q2x", out ImmutableArray<string> allowed));
        Assert.Equal(["DELETE", "GET", "PATCH"], allowed.Order());
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/customers/7q2x/nothing")]
    [InlineData("/v1/customers/7q2x:nothing/x")]
    [InlineData("/")]
    [InlineData("")]
    public void An_unknown_path_means_nothing(string path)
    {
        Assert.Null(_routes.Find("GET", path, out ImmutableArray<string> allowed));
        Assert.Empty(allowed);
    }

    [Fact]
    public void Every_method_but_those_with_streams_of_requests_has_a_path()
    {
        IEnumerable<MethodDescriptor> without = All.Services
            .SelectMany(service => service.Methods)
            .Where(method => !method.IsClientStreaming)
            .Except(_routes.Routes.Select(route => route.Method));

        Assert.Empty(without);
        Assert.Empty(_routes.Routes.Where(route => route.HttpMethod == "PUT"));
    }

    [Fact]
    public void No_two_methods_have_the_same_path_and_verb()
    {
        Assert.Empty(_routes.Routes
            .GroupBy(route => route.HttpMethod + route.Path.ToOpenApi(_ => "x"))
            .Where(group => group.Count() > 1)
            .Select(group => group.Key));
    }

    [Fact]
    public void No_secret_can_stand_in_a_query()
    {
        IEnumerable<string> exposed =
            from route in _routes.Routes
            where route.BodyField != HttpRoute.WholeRequest
            from field in route.Method.InputType.Fields.InDeclarationOrder()
            where field.Name != route.BodyField
                && field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)
                    ?.Contains(FieldBehavior.InputOnly) == true
            select field.FullName;

        Assert.Empty(exposed);
    }
}
