using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Tests.Kernel;

public sealed class IdsTests
{
    private static readonly KeyedIds Ids = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void A_derived_id_is_the_same_for_the_same_request_and_no_other()
    {
        string id = Ids.Derived("customer:7", "orders", "r1");

        Assert.Equal(id, Ids.Derived("customer:7", "orders", "r1"));
        Assert.NotEqual(id, Ids.Derived("customer:8", "orders", "r1"));
        Assert.NotEqual(id, Ids.Derived("customer:7", "customers", "r1"));
        Assert.NotEqual(id, Ids.Derived("customer:7", "orders", "r2"));
        Assert.NotEqual(id, new KeyedIds(new byte[32]).Derived("customer:7", "orders", "r1"));
    }

    [Fact]
    public void Ids_are_20_characters_that_cannot_be_mistaken_for_one_another()
    {
        string[] ids = [.. Enumerable.Range(0, 200).Select(_ => Ids.Next())];

        Assert.All(ids, id => Assert.Matches("^[0-9a-hjkmnp-tv-z]{20}$", id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, 8, "00000000")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255 }, 8, "zzzzzzzz")]
    [InlineData(new byte[] { 0b00001_000, 0b10_00011_0, 0b0100_0010, 0b1_00110_00, 0b111_01000 }, 8, "12345678")]
    public void Base32_takes_five_bits_a_character_from_the_top(byte[] bytes, int length, string text) =>
        Assert.Equal(text, Base32.Encode(bytes, length));

    [Fact]
    public void A_typed_id_is_a_plain_string_in_json_also_as_a_key()
    {
        ImmutableDictionary<TulipId, TulipId> map =
            ImmutableDictionary<TulipId, TulipId>.Empty.Add(new("a"), new("b"));

        string json = FloristJson.Write(map);

        Assert.Equal("""{"a":"b"}""", json);
        Assert.Equal(new TulipId("b"), FloristJson.Read<ImmutableDictionary<TulipId, TulipId>>(json)[new("a")]);
    }

    private readonly record struct TulipId(string Value) : IId<TulipId>
    {
        public static TulipId From(string value) => new(value);
    }
}
