using Grpc.Core;

namespace Grpc.Kestrel.Tests.Core;

public class MetadataTests
{
    [Fact]
    public void Keys_are_folded_to_lower_case_and_found_in_any()
    {
        Metadata metadata = new() { { "Some-Key", "one" }, { "some-key", "two" } };

        Assert.Equal("some-key", metadata[0].Key);
        Assert.Equal("two", metadata.GetValue("SOME-KEY"));
        Assert.Equal(["one", "two"], metadata.GetAll("Some-key").Select(entry => entry.Value));
        Assert.Null(metadata.Get("other"));
        Assert.Null(metadata.GetValue("other"));
        Assert.Null(metadata.GetValueBytes("other-bin"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("caf\u00E9")]
    [InlineData(":path")]
    public void Keys_have_letters_digits_and_three_signs(string key)
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));
    }

    [Fact]
    public void The_suffix_says_whether_a_value_is_binary()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("key-bin", [1]).Value);
        Assert.Equal("abc"u8.ToArray(), new Metadata.Entry("key", "abc").ValueBytes);
    }

    [Fact]
    public void Bytes_are_copied_in_and_out()
    {
        byte[] bytes = [1, 2];
        Metadata.Entry entry = new("key-bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal([1, 2], entry.ValueBytes);
    }

    [Fact]
    public void The_empty_metadata_cannot_be_changed()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Clear());
        Assert.Empty(Metadata.Empty);
    }
}
