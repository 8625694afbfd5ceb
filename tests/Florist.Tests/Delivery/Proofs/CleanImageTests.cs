using System.Text;
using Florist.Delivery.Proofs;
using Florist.Kernel;

namespace Florist.Tests.Delivery.Proofs;

public sealed class CleanImageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Of_a_picture_nothing_is_kept_but_the_picture_and_how_it_is_turned(int orientation)
    {
        (byte[] Sent, string MimeType)[] pictures =
        [
            (Pictures.Jpeg(orientation), "image/jpeg"), (Pictures.Png(orientation), "image/png"),
            (Pictures.Webp(orientation), "image/webp"),
        ];
        foreach ((byte[] sent, string mimeType) in pictures)
        {
            CleanImage clean = Deliveries.Value(CleanImage.Of(sent));

            string text = Encoding.Latin1.GetString(clean.Content);
            Assert.Equal(mimeType, clean.MimeType);
            Assert.DoesNotContain("CANARY", text, StringComparison.Ordinal);
            Assert.Equal(orientation != 1, text.Contains("MM\0*", StringComparison.Ordinal));

            // What is clean already is left as it is, so that a picture that was put twice is one picture.
            Assert.Equal(clean.Content, Deliveries.Value(CleanImage.Of(clean.Content)).Content);
        }
    }

    [Fact]
    public void The_picture_itself_is_kept_to_the_byte()
    {
        string jpeg = Encoding.Latin1.GetString(Deliveries.Value(CleanImage.Of(Pictures.Jpeg(6))).Content);
        string png = Encoding.Latin1.GetString(Deliveries.Value(CleanImage.Of(Pictures.Png())).Content);

        Assert.Contains(Encoding.Latin1.GetString(Pictures.Picture()), jpeg, StringComparison.Ordinal);
        Assert.EndsWith("\u00FF\u00D9", jpeg, StringComparison.Ordinal);
        Assert.Contains(
            Encoding.Latin1.GetString([.. Pictures.Chunk("IDAT", [1, 2, 3]), .. Pictures.Chunk("IDAT", [4, 5])]),
            png,
            StringComparison.Ordinal);
        Assert.EndsWith(Encoding.Latin1.GetString(Pictures.Chunk("IEND", [])), png, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_whole_picture_of_the_three_kinds_is_refused()
    {
        List<byte[]> refused =
        [
            [], [0xFF, 0xD8, 0xFF], "GIF89a"u8.ToArray(), "<svg onload=alert(1)>"u8.ToArray(), "%PDF-1.7"u8.ToArray(),
            Pictures.Webp(moves: true), Pictures.Png(width: 0), Pictures.Png(width: 12_001), Pictures.Jpeg(side: 12_001),
            [.. "RIFF"u8, 255, 255, 255, 255, .. "WEBPVP8 "u8, 255, 255, 255, 255],
        ];
        byte[] damaged = Pictures.Png();
        damaged[20] ^= 1;
        refused.Add(damaged);

        Assert.All(refused, sent => Assert.Equal("NOT_AN_IMAGE", Deliveries.Refusal(CleanImage.Of(sent)).Reason));
        Assert.Equal(
            "IMAGE_TOO_LARGE", Deliveries.Refusal(CleanImage.Of(new byte[CleanImage.BytesMax + 1])).Reason);
    }

    [Fact]
    public void A_picture_cut_off_or_damaged_anywhere_is_refused_or_clean_and_never_a_crash()
    {
        Random random = new(20270306);
        foreach (byte[] whole in (byte[][])[Pictures.Jpeg(6), Pictures.Png(6), Pictures.Webp(6)])
        {
            for (int length = 0; length < whole.Length; length++)
            {
                CheckClean(whole[..length]);
            }

            for (int run = 0; run < 3000; run++)
            {
                byte[] broken = [.. whole];
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                }

                Outcome<CleanImage> outcome = CleanImage.Of(broken);
                Assert.True(outcome.Fault is null or { Reason: "NOT_AN_IMAGE" }, outcome.Fault?.Reason);
            }
        }
    }

    private static void CheckClean(byte[] sent)
    {
        if (!CleanImage.Of(sent).Failed(out _, out CleanImage? clean))
        {
            Assert.DoesNotContain("CANARY", Encoding.Latin1.GetString(clean.Content), StringComparison.Ordinal);
        }
    }
}
