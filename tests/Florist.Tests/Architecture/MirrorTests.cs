namespace Florist.Tests.Architecture;

/// <summary>A feature is a folder of code, a contract and tests, under one name.</summary>
public sealed class MirrorTests
{
    private static readonly string[] NotFeatures = ["Kernel"];

    private static IEnumerable<string> Features => Repository.Folders("src/Florist").Except(NotFeatures);

    [Fact]
    public void Every_feature_has_a_contract_and_every_contract_a_feature() => Assert.Equal(
        Features.Select(feature => feature.ToLowerInvariant()), Repository.Folders("protos/florist"));

    [Fact]
    public void Every_feature_has_tests() => Offenders.None(
        Features.Where(feature => Repository.Files($"tests/Florist.Tests/{feature}", "*Tests.cs").IsEmpty));

    [Fact]
    public void Every_test_class_is_named_after_its_file() => Offenders.None(
        from file in Repository.Files("tests", "*Tests.cs")
        let name = Path.GetFileNameWithoutExtension(file)
        where !string.Join('\n', Repository.Lines(file)).Contains($"class {name.Split('.')[0]}", StringComparison.Ordinal)
        select file);
}
