using System.Collections.Frozen;

namespace Florist.Tests.Architecture;

/// <summary>Which feature may use which: told here, once. There is no way round in it.</summary>
public sealed class FeatureArrowsTests
{
    private const string Kernel = "Kernel";

    private static readonly FrozenDictionary<string, string[]> Arrows = new Dictionary<string, string[]>
    {
        ["Kernel"] = [],
        ["Audit"] = [],
        ["Catalogue"] = [],
        ["Customers"] = [],
        ["Delivery"] = [],
        ["Operations"] = ["Customers", "Messaging"],
        ["Sandbox"] = [],
        ["Stock"] = ["Catalogue"],
        ["Vouchers"] = [],
        ["Imports"] = ["Customers"],
        ["Orders"] = ["Catalogue", "Customers", "Delivery", "Stock", "Vouchers"],
        ["Receipts"] = ["Customers", "Orders"],
        ["ShopFloor"] = ["Catalogue", "Orders", "Stock"],
        ["Occasions"] = ["Catalogue", "Customers", "Orders"],
        ["Messaging"] = ["Catalogue", "Customers", "Delivery", "Occasions", "Orders"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    [Fact]
    public void Every_feature_has_its_arrows_here() =>
        Assert.Equal(Repository.Folders("src/Florist"), Arrows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void No_feature_uses_another_without_an_arrow() => Offenders.None(
        from feature in Arrows.Keys
        from file in Repository.Files($"src/Florist/{feature}", "*.cs")
        let text = string.Join('\n', Repository.Lines(file))
        from other in Arrows.Keys
        where other != feature && other != Kernel && !Arrows[feature].Contains(other)
        where text.Contains($"Florist.{other};", StringComparison.Ordinal)
            || text.Contains($" {other}.{other}", StringComparison.Ordinal)
            || text.Contains($"Florist.{other}.", StringComparison.Ordinal)
        select $"{file} uses {other}");

    [Fact]
    public void The_arrows_form_no_cycle() => Assert.All(Arrows.Keys, feature => Assert.DoesNotContain(feature, Reached(feature)));

    [Fact]
    public void The_stand_ins_name_neither_the_product_nor_each_other() => Offenders.None(
        from stand in new[] { (Folder: "Grpc.Kestrel", Other: "Orleans"), (Folder: "Orleans.InProcess", Other: "Grpc") }
        from file in Repository.Files($"src/{stand.Folder}", "*.cs")
        from line in Repository.Lines(file)
        where line.StartsWith($"using {stand.Other}", StringComparison.Ordinal)
            || line.Contains("Florist", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void The_kernel_and_the_features_know_no_adapter() => Offenders.None(
        from file in Repository.Files("src/Florist", "*.cs")
        from line in Repository.Lines(file)
        where line.Contains("Florist.Adapters", StringComparison.Ordinal)
            || line.Contains("Microsoft.Data.Sqlite", StringComparison.Ordinal)
            || line.Contains("Npgsql", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    private static HashSet<string> Reached(string from)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new(Arrows[from]);
        while (open.TryPop(out string? next))
        {
            if (reached.Add(next))
            {
                foreach (string further in Arrows[next])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }
}
