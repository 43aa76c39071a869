namespace Ottla.Storage.Tests.Support;

/// <summary>A directory on the real disk, gone when the test is done.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ottla-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
