using Florist.Tests.Testing.Npm;
using Google.Protobuf.Reflection;

namespace Florist.Tests.Contracts;

/// <summary>Runs buf, which lints the contracts and compiles them into descriptors.</summary>
internal static class Buf
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The folder of the contracts.</summary>
    public static string Protos { get; } = Path.Combine(NpmFolder.RepositoryRoot, "protos");

    /// <summary>Runs a command of buf in a folder. Skips the test where node is missing.</summary>
    public static async Task<ToolRun> Run(string folder, params string[] arguments)
    {
        NpmFolder npm = await NpmFolder.Install("buf", ["@bufbuild/buf@1.75.0"]);
        return await npm.Node("@bufbuild/buf/bin/buf", arguments, folder, Limit);
    }

    /// <summary>Compiles files of a folder, without their imports, into descriptors.</summary>
    public static async Task<FileDescriptorSet> Compile(string folder, IEnumerable<string> files)
    {
        string image = Path.Combine(Directory.CreateTempSubdirectory("florist-buf").FullName, "image.binpb");
        try
        {
            IEnumerable<string> paths = files.SelectMany(file => (string[])["--path", file]);
            ToolRun run = await Run(
                folder, ["build", ".", "--as-file-descriptor-set", "--exclude-imports", "-o", image, .. paths]);
            Assert.True(run.ExitCode == 0, run.Said);
            return FileDescriptorSet.Parser.ParseFrom(
                await File.ReadAllBytesAsync(image, TestContext.Current.CancellationToken));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(image) ?? "", recursive: true);
        }
    }
}
