using Florist.Server.Edge;
using Florist.Server.Gateway;

namespace Florist.Server.Tests.Docs;

/// <summary>Keeps <c>docs/service-config.json</c>, made of the contracts.</summary>
public sealed class ServiceConfigPageTests
{
    [Fact]
    public void The_published_file_is_the_one_that_the_contracts_make() =>
        GeneratedPage.Check("service-config.json", new ServiceConfig(new Contracts()).ToJson());
}
