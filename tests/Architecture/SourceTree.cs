using Ottla.Tests.Processes;

namespace Ottla.Architecture.Tests;

/// <summary>All sources of the repository, read once for all rules.</summary>
internal static class SourceTree
{
    private static readonly string[] BuildFolders = ["bin", "obj", "artifacts", "node_modules", ".git"];

    /// <summary>Every C# file below src and tests.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
        [.. Paths("src", "*.cs").Concat(Paths("tests", "*.cs")).Select(path => new SourceFile(path, Read(path)))];

    /// <summary>The files that ship.</summary>
    public static IEnumerable<SourceFile> Shipped => Files.Where(file => !file.IsTest);

    public static IEnumerable<SourceFile> Tests => Files.Where(file => file.IsTest);

    /// <summary>The paths from the root of all project files.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. Paths("src", "*.csproj").Concat(Paths("tests", "*.csproj"))];

    public static bool Exists(string path) => File.Exists(RepositoryRoot.Combine(path));

    public static string Read(string path) => File.ReadAllText(RepositoryRoot.Combine(path));

    /// <summary>The paths from the root of the files below a folder, without what builds leave there.</summary>
    public static IEnumerable<string> Paths(string folder, string pattern)
    {
        string full = RepositoryRoot.Combine(folder);
        if (!Directory.Exists(full))
        {
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(full, pattern).Order(StringComparer.Ordinal))
        {
            yield return Path.GetRelativePath(RepositoryRoot.Path, file);
        }

        foreach (string child in Directory.EnumerateDirectories(full).Order(StringComparer.Ordinal))
        {
            if (!BuildFolders.Contains(Path.GetFileName(child)))
            {
                foreach (string path in Paths(Path.GetRelativePath(RepositoryRoot.Path, child), pattern))
                {
                    yield return path;
                }
            }
        }
    }
}
