using System.Text.Json.Nodes;
using Florist.Kernel;

namespace Florist.Tests.Kernel;

public sealed class StateVersionsTests
{
    [Fact]
    public void Version_1_is_not_written() =>
        Assert.Equal("""{"name":"Anna"}""", FloristJson.Write(new Plain { Name = "Anna" }));

    [Fact]
    public void A_later_version_is_the_first_property() =>
        Assert.Equal("""{"$version":3,"givenName":"Anna","stems":[1]}""", FloristJson.Write(new Third { GivenName = "Anna", Stems = [1] }));

    [Fact]
    public void A_record_that_writes_nothing_else_writes_its_version() =>
        Assert.Equal("""{"$version":2}""", FloristJson.Write(new Empty()));

    [Theory]
    [InlineData("""{"name":"Anna","stem":12}""")]
    [InlineData("""{"$version":2,"givenName":"Anna","stem":12}""")]
    [InlineData("""{"$version":3,"givenName":"Anna","stems":[12]}""")]
    public void Every_version_ever_written_reads_as_the_present_one(string stored)
    {
        Third read = FloristJson.Read<Third>(stored);

        Assert.Equal("Anna", read.GivenName);
        Assert.Equal([12], read.Stems);
        Assert.Equal("""{"$version":3,"givenName":"Anna","stems":[12]}""", FloristJson.Write(read));
    }

    [Theory]
    [InlineData("""{"$version":4,"givenName":"Anna"}""", 3)]
    [InlineData("""{"$version":2,"name":"Anna"}""", 1)]
    public void What_a_later_program_wrote_is_refused_and_not_half_understood(string stored, int known)
    {
        NewerStateException refused = known == 3
            ? Assert.Throws<NewerStateException>(() => FloristJson.Read<Third>(stored))
            : Assert.Throws<NewerStateException>(() => FloristJson.Read<Plain>(stored));

        Assert.Contains($"knows versions up to {known}", refused.Message);
    }

    [Fact]
    public void A_version_without_a_step_to_it_is_a_mistake_of_ours_that_shows_at_once()
    {
        TypeInitializationException thrown =
            Assert.Throws<TypeInitializationException>(() => FloristJson.Read<Gap>("{}"));

        Assert.Contains("has 1 steps instead of 2", thrown.InnerException?.Message);
    }

    private sealed record Plain
    {
        public string Name { get; init; } = "";
    }

    [StateVersion(2, typeof(NameBecameGivenName))]
    private sealed record Empty;

    [StateVersion(3, typeof(NameBecameGivenName), typeof(StemBecameStems))]
    private sealed record Third
    {
        public string GivenName { get; init; } = "";

        public int[] Stems { get; init; } = [];
    }

    [StateVersion(3, typeof(NameBecameGivenName))]
    private sealed record Gap;

    private sealed class NameBecameGivenName : IStateUpcast
    {
        public void Apply(JsonObject record)
        {
            record["givenName"] = record["name"]?.DeepClone();
            record.Remove("name");
        }
    }

    private sealed class StemBecameStems : IStateUpcast
    {
        public void Apply(JsonObject record)
        {
            record["stems"] = new JsonArray(record["stem"]?.DeepClone());
            record.Remove("stem");
        }
    }
}
