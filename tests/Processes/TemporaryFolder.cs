namespace Ottla.Tests.Processes;

/// <summary>A folder of its own for one test, removed with everything in it when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes the folder below the system's place for temporary files.</summary>
    public TemporaryFolder(string purpose) => Path = Directory.CreateTempSubdirectory($"ottla-{purpose}-").FullName;

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>A path inside the folder.</summary>
    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc />
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
