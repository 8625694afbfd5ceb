using Florist.Tests.Testing.Npm;
using Google.Protobuf.Reflection;

namespace Florist.Tests.Contracts;

/// <summary>The restated google and grpc contracts against the published ones.</summary>
public sealed class PublishedContractsTests
{
    // What of client.proto no contract of ours uses: settings of Google's own client generators.
    private static readonly string[] ClientOptions =
    [
        "file google/api/client.proto",
        "google.api extension.default_host",
        "google.api extension.method_signature",
    ];

    private static readonly string[] GrpcPackages = ["grpc-health-check@2.1.0", "@grpc/reflection@1.0.4"];

    [Fact]
    public async Task The_google_contracts_have_the_published_names_numbers_and_types()
    {
        NpmFolder npm = await NpmFolder.Install("google-proto-files", ["google-proto-files@6.0.1"]);
        string[] files = Restated("google").Where(file => file != "google/api/client.proto").ToArray();

        DescriptorFacts ours = new(await Buf.Compile(Buf.Protos, files));
        DescriptorFacts published = new(await Buf.Compile(npm.Locate("google-proto-files"), files));

        Assert.True(ours.All.Count > 150, $"only {ours.All.Count} facts were found");
        Assert.Empty(ours.DifferencesFrom(published));
    }

    [Fact]
    public async Task The_client_options_have_the_published_numbers_and_types()
    {
        NpmFolder npm = await NpmFolder.Install("google-proto-files", ["google-proto-files@6.0.1"]);
        string[] files = ["google/api/client.proto"];

        DescriptorFacts ours = new(await Buf.Compile(Buf.Protos, files));
        DescriptorFacts published = new(await Buf.Compile(npm.Locate("google-proto-files"), files));

        Assert.Equal(ClientOptions, ours.All.Keys);
        Assert.Empty(ours.DifferencesFrom(published.Without(name => !ClientOptions.Contains(name))));
    }

    [Fact]
    public async Task The_health_contract_has_the_published_names_numbers_and_types()
    {
        NpmFolder npm = await NpmFolder.Install("grpc-contracts", GrpcPackages);

        DescriptorFacts ours = new(await Buf.Compile(Buf.Protos, ["grpc/health/v1/health.proto"]));
        DescriptorFacts published = new(
            await Buf.Compile(npm.Locate("grpc-health-check", "proto"), ["health/v1/health.proto"]));

        Assert.Contains("grpc.health.v1.Health.Watch", ours.All);
        Assert.Empty(ours.Without(IsFile).DifferencesFrom(published.Without(IsFile)));
    }

    [Theory]
    [InlineData("grpc/reflection/v1/reflection.proto")]
    [InlineData("grpc/reflection/v1alpha/reflection.proto")]
    public async Task The_reflection_contracts_have_the_published_names_numbers_and_types(string file)
    {
        NpmFolder npm = await NpmFolder.Install("grpc-contracts", GrpcPackages);

        DescriptorFacts ours = new(await Buf.Compile(Buf.Protos, [file]));
        DescriptorFacts published = new(await Buf.Compile(npm.Locate("@grpc", "reflection", "build", "proto"), [file]));

        Assert.Contains(ours.All.Keys, name => name.EndsWith(".ServerReflectionInfo", StringComparison.Ordinal));
        Assert.Empty(ours.DifferencesFrom(published));
    }

    [Fact]
    public async Task A_wrong_number_and_a_missing_field_and_a_field_of_our_own_are_found()
    {
        FileDescriptorSet right = await Buf.Compile(Buf.Protos, ["google/type/money.proto"]);
        FileDescriptorSet wrong = right.Clone();
        DescriptorProto money = wrong.File.Single().MessageType.Single();
        money.Field[0].Number = 9;
        money.Field[1].Name = "whole_units";

        Assert.Equal(
            ["currency_code", "whole_units", "units"],
            new DescriptorFacts(wrong).DifferencesFrom(new(right)).Select(NameOfField));
    }

    private static bool IsFile(string name) => name.StartsWith("file ", StringComparison.Ordinal);

    private static string NameOfField(string difference) => difference.Split(' ')[0].Split('.')[^1];

    private static IEnumerable<string> Restated(string folder)
    {
        return Directory.EnumerateFiles(Path.Combine(Buf.Protos, folder), "*.proto", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Buf.Protos, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
    }
}
