namespace Florist.Server.Tests.Architecture;

/// <summary>
/// The product is compiled here against the two stand-ins, and elsewhere against the published packages. So whatever
/// its assemblies use of a stand-in must be public there, and there must be the same in the package: the same type,
/// member and signature. The packages' assemblies are read, never loaded.
/// </summary>
public class UpstreamSurfaceTests
{
    private const string Version = "10.4.2";
    private const string Grains = "Orleans.InProcess";
    private const string Calls = "Grpc.Kestrel";

    // Named by Hosting.InProcess.cs alone, which a build against the packages leaves out.
    private static readonly string[] HostsOwn = ["Orleans.Runtime.InProcessOptions"];

    private static readonly string[] Projects = ["Florist", "Florist.Adapters", "Florist.Server"];

    private static readonly string[] Packages =
    [
        "Core.Abstractions", "Core", "Runtime", "Reminders", "Serialization", "Serialization.Abstractions",
    ];

    [Theory]
    [InlineData("Florist.Protos", Calls)]
    [InlineData("Florist", Calls)]
    [InlineData("Florist", Grains)]
    [InlineData("Florist.Adapters", Grains)]
    [InlineData("Florist.Server", Calls)]
    [InlineData("Florist.Server", Grains)]
    public void The_product_uses_only_what_is_public_in_the_stand_ins(string user, string standIn)
    {
        Dictionary<string, OfferedType> offered = ReferencedMembers.OfferedBy([PathOf(standIn)]);

        Assert.Empty(Missing(ReferencedMembers.In(PathOf(user), standIn), offered));
    }

    [Theory]
    [InlineData("Florist")]
    [InlineData("Florist.Adapters")]
    [InlineData("Florist.Server")]
    public void What_the_product_uses_of_the_grain_host_exists_with_the_same_signature_in_the_packages(string user) =>
        Assert.Empty(Missing(ReferencedMembers.In(PathOf(user), Grains), ReferencedMembers.OfferedBy(Published())));

    [Fact]
    public void The_adapters_make_no_gRPC_calls() =>
        Assert.Empty(ReferencedMembers.In(PathOf("Florist.Adapters"), Calls));

    [Fact]
    public void Names_that_only_the_stand_in_has_stand_in_one_file_of_the_product()
    {
        string root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
        string[] files = [.. Projects
            .SelectMany(project => Directory.EnumerateFiles(
                Path.Combine(root, "src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file).Contains("InProcessOptions", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file))];

        Assert.Equal(["Hosting.InProcess.cs"], files);
    }

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    private static string[] Missing(
        IReadOnlySet<ReferencedMember> used, Dictionary<string, OfferedType> offered)
    {
        Assert.NotEmpty(used);
        return [.. used
            .Where(one => !HostsOwn.Contains(one.Type))
            .Where(one => !offered.TryGetValue(one.Type, out OfferedType? type)
                || (one.Member is { } member && !type.Has(member, offered)))
            .Select(one => one.ToString())
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Published()
    {
        string root = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in Packages)
        {
            string file = Path.Combine(
                root, $"microsoft.orleans.{package.ToLowerInvariant()}", Version, "lib", "net10.0", $"Orleans.{package}.dll");
            Assert.SkipUnless(File.Exists(file), $"Microsoft.Orleans.{package} {Version} was not restored");
            yield return file;
        }
    }
}
