using System.Reflection;
using Florist.Kernel;

namespace Florist.Tests.Kernel.Engine;

public sealed class CrashPointTests
{
    [Theory]
    [InlineData("storage.commit", 1)]
    [InlineData("storage.commit#1", 1)]
    [InlineData("edge.reply#12", 12)]
    public void The_variable_names_a_point_and_a_pass(string text, int pass)
    {
        CrashPoint.Fuse? fuse = CrashPoint.Fuse.Read(text);

        Assert.Equal((text.Split('#')[0], pass), (fuse?.Point, fuse?.Pass));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_the_variable_nothing_is_armed(string? text) => Assert.Null(CrashPoint.Fuse.Read(text));

    [Theory]
    [InlineData("storage.comit")]
    [InlineData("storage.commit#0")]
    [InlineData("storage.commit#-1")]
    [InlineData("storage.commit#x")]
    [InlineData("storage.commit#1#2")]
    [InlineData("#1")]
    public void What_names_no_point_or_no_pass_is_refused_rather_than_ignored(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => CrashPoint.Fuse.Read(text));

        Assert.Contains(text, refused.Message);
    }

    [Fact]
    public void Only_the_armed_pass_of_the_armed_point_counts()
    {
        CrashPoint.Fuse fuse = new(CrashPoint.EdgeReply, 3);
        string[] passed =
        [
            CrashPoint.EdgeReply, CrashPoint.StorageBegin, CrashPoint.EdgeReply, CrashPoint.EdgeReply, CrashPoint.EdgeReply,
        ];

        Assert.Equal([false, false, false, true, false], passed.Select(fuse.Counts));
    }

    [Fact]
    public void Every_point_is_listed_and_passed_somewhere_in_the_sources()
    {
        Dictionary<string, string> points = typeof(CrashPoint)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.Name != nameof(CrashPoint.Variable))
            .ToDictionary(field => field.Name, field => (string?)field.GetRawConstantValue() ?? "");
        string sources = string.Join(
            '\n',
            Architecture.Repository.Files("src", "*.cs").SelectMany(Architecture.Repository.Lines));

        Assert.Equal(points.Values.Order(), CrashPoint.All.Order());
        Assert.All(
            points.Keys,
            name => Assert.Contains($"CrashPoint.Hit(CrashPoint.{name})", sources, StringComparison.Ordinal));
    }
}
