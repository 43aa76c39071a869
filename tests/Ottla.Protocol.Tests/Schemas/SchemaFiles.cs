using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Schemas;

/// <summary>The schema files of the source tree, parsed as the generator parses them.</summary>
internal static class SchemaFiles
{
    private static readonly Lazy<SortedDictionary<string, MessageSchema>> Parsed = new(ParseAll);

    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static IReadOnlyDictionary<string, MessageSchema> ByClassName => Parsed.Value;

    public static TheoryData<string> ClassNames => [.. Parsed.Value.Keys];

    private static SortedDictionary<string, MessageSchema> ParseAll()
    {
        SortedDictionary<string, MessageSchema> all = new(StringComparer.Ordinal);
        string folder = Path.Combine(RepositoryRoot, "src", "Wire", "Ottla.Protocol", "Schemas");
        foreach (string path in Directory.EnumerateFiles(folder, "*.schema", SearchOption.AllDirectories))
        {
            MessageSchema message = SchemaParser.Parse(File.ReadAllText(path), out IReadOnlyList<SchemaError> errors);
            Assert.True(errors.Count == 0, $"{path}: {string.Join("; ", errors)}");
            all.Add(message.ClassName, message);
        }

        return all;
    }

    private static string FindRepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ottla.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the source tree.");
    }
}
