using System.Collections.Immutable;

namespace Florist.Tests.Architecture;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj", "node_modules"];

    /// <summary>The folder that holds Florist.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the repository, without what builds make, as paths relative to the root.</summary>
    public static ImmutableArray<string> Files(string folder, string pattern) =>
    [
        .. (Directory.Exists(Path.Combine(Root, folder))
                ? Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
                : [])
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(Built.Contains))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>The names of the folders directly below a folder.</summary>
    public static ImmutableArray<string> Folders(string folder) =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, folder)).Select(path => Path.GetFileName(path))
            .Where(name => !Built.Contains(name)).Order(StringComparer.Ordinal),
    ];

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Florist.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("these tests run inside the repository");
    }
}
