using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Florist.Kernel;
using Florist.Tests.Architecture;

namespace Florist.Tests.Contracts;

/// <summary>
/// What was stored once can be read for ever. <c>Golden/States</c> holds documents of every stored record as versions
/// of the program wrote them, <c>RECORD/v1.001.json</c>; they are never changed or deleted. A new property needs a new
/// document: run the tests once with <c>FLORIST_WRITE_GOLDEN=1</c>. A renamed, retyped or removed one needs a version
/// (<see cref="StateVersionAttribute"/>), a step to it, and beside each older document what it becomes,
/// <c>v1.001.becomes.json</c>.
/// </summary>
public sealed class StoredStatesTests
{
    private const string RewriteVariable = "FLORIST_WRITE_GOLDEN";
    private const string Folder = "tests/Florist.Tests/Golden/States";
    private const int AlternativesMax = 8;

    private static readonly JsonSerializerOptions Readable =
        new(FloristJson.Options) { WriteIndented = true, NewLine = "\n" };

    public static TheoryData<string> Records => [.. StoredRecords.All.Keys];

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_property_that_can_be_stored_stands_in_a_golden_document(string record)
    {
        Type type = StoredRecords.All[record];
        if (Missing(type).Count > 0 && Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            WriteNew(type);
        }

        Assert.True(
            Missing(type).IsEmpty,
            $"{record}: no document in {Folder}/{record} has {string.Join(", ", Missing(type))}. If they are new, run "
            + $"once with {RewriteVariable}=1; if they were renamed or retyped, raise the version of the record");
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_golden_document_is_still_read_and_nothing_of_it_is_lost(string record)
    {
        Type type = StoredRecords.All[record];
        List<string> lost = [];
        foreach (Document document in Documents(type))
        {
            JsonNode expected = JsonNode.Parse(document.Bytes) ?? throw new JsonException(document.Path);
            if (document.Version < StoredRecords.VersionOf(type))
            {
                string becomes = document.Path.Replace(".json", ".becomes.json", StringComparison.Ordinal);
                Assert.True(File.Exists(becomes), $"{becomes} must say what the old document becomes");
                expected = JsonNode.Parse(File.ReadAllBytes(becomes)) ?? throw new JsonException(becomes);
            }

            JsonNode? now = JsonNode.Parse(StoredRecords.ReadAndWrite(type, document.Bytes));
            lost.AddRange(StoredShape.Lost(expected, now).Select(one => $"{Path.GetFileName(document.Path)}{one}"));
        }

        Offenders.None(lost);
    }

    [Fact]
    public void Every_golden_document_belongs_to_a_stored_record() => Offenders.None(
        Repository.Folders(Folder).Where(folder => !StoredRecords.All.ContainsKey(folder)));

    private static ImmutableSortedSet<string> Missing(Type type) => StoredShape.Properties(type).Except(
        Documents(type).Where(document => document.Version == StoredRecords.VersionOf(type))
            .SelectMany(document => StoredShape.PropertiesOf(JsonNode.Parse(document.Bytes), type)));

    private static ImmutableArray<Document> Documents(Type type)
    {
        string folder = Path.Combine(Repository.Root, Folder, StoredRecords.NameOf(type));
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, "v*.json").Order(StringComparer.Ordinal)
                .Where(path => !path.EndsWith(".becomes.json", StringComparison.Ordinal))
                .Select(path => new Document(path, VersionIn(path), File.ReadAllBytes(path)))];
    }

    private static int VersionIn(string path) =>
        int.Parse(Path.GetFileName(path).Split('.')[0].AsSpan(1), CultureInfo.InvariantCulture);

    private static void WriteNew(Type type)
    {
        string folder = Path.Combine(Repository.Root, Folder, StoredRecords.NameOf(type));
        Directory.CreateDirectory(folder);
        int version = StoredRecords.VersionOf(type);
        for (int alternative = 0; alternative < AlternativesMax && !Missing(type).IsEmpty; alternative++)
        {
            JsonNode sample = StoredShape.Sample(type, alternative);
            if (version > 1)
            {
                (sample as JsonObject)?.Insert(0, "$version", version);
            }

            int number = Documents(type).Count(document => document.Version == version) + 1;
            File.WriteAllText(
                Path.Combine(folder, $"v{version}.{number:000}.json"),
                sample.ToJsonString(Readable) + "\n");
        }
    }

    private sealed record Document(string Path, int Version, byte[] Bytes);
}
