namespace Ottla.Cli.Tests.Support;

/// <summary>A file for an option to name, for as long as a test takes.</summary>
internal sealed class OptionFileText : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ottla-cli-");

    public OptionFileText(string text)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "file");
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
