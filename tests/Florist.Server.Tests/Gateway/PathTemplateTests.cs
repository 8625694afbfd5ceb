using Florist.Server.Gateway;

namespace Florist.Server.Tests.Gateway;

public sealed class PathTemplateTests
{
    [Theory]
    [InlineData("/v1/customers", "v1/customers", "")]
    [InlineData("/v1/{name=customers/*}", "v1/customers/7q2x", "name=customers/7q2x")]
    [InlineData("/v1/{parent=customers/*}/occasions", "v1/customers/a/occasions", "parent=customers/a")]
    [InlineData("/v1/{a.name=x/*/y/*}", "v1/x/1/y/2", "a.name=x/1/y/2")]
    [InlineData("/v1/{id}", "v1/7", "id=7")]
    public void A_path_of_the_template_gives_its_variables(string template, string path, string captured)
    {
        var match = PathTemplate.Parse(template).Match(path.Split('/'));

        Assert.NotNull(match);
        Assert.Equal(captured, string.Join(';', match.Value.Select(part => $"{part.Field}={part.Value}")));
    }

    [Theory]
    [InlineData("/v1/{name=customers/*}", "v1/orders/7")]
    [InlineData("/v1/{name=customers/*}", "v1/customers")]
    [InlineData("/v1/{name=customers/*}", "v1/customers/")]
    [InlineData("/v1/{name=customers/*}", "v1/customers/7/more")]
    [InlineData("/v1/{name=customers/*}", "V1/customers/7")]
    public void Another_path_is_no_match(string template, string path)
    {
        Assert.Null(PathTemplate.Parse(template).Match(path.Split('/')));
    }

    [Theory]
    [InlineData("v1/customers")]
    [InlineData("/v1/{name=customers/*")]
    [InlineData("/v1/{=customers/*}")]
    [InlineData("/v1/{a={b}}")]
    [InlineData("/v1//x")]
    [InlineData("/v1/x:")]
    [InlineData("/v1/x:verb/y")]
    [InlineData("/v1/{name=**}")]
    public void What_is_no_template_is_refused_when_the_server_starts(string text)
    {
        Assert.Throws<FormatException>(() => PathTemplate.Parse(text));
    }

    [Fact]
    public void The_verb_stands_apart_from_the_segments()
    {
        PathTemplate template = PathTemplate.Parse("/v1/{name=customers/*/occasions/*}:mute");

        Assert.Equal("mute", template.Verb);
        Assert.Equal(5, template.Length);
        Assert.Equal(
            "/v1/customers/{customer}/occasions/{occasion}:mute", template.ToOpenApi(name => name.TrimEnd('s')));
    }
}
