namespace Ottla.Records.Tests;

/// <summary>Bytes that Apache Kafka 4.3.1 wrote, see Golden/README.md.</summary>
internal static class GoldenFile
{
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(GoldenFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"No golden file is called {name}.");
        using var reader = new StreamReader(stream);
        return Convert.FromHexString(reader.ReadToEnd().ReplaceLineEndings(string.Empty));
    }
}
