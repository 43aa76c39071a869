namespace Ottla.Crash.Tests;

/// <summary>Damages files as disks and people do: a bit, a range of zeros, a piece of the end, all of it. Random, from a seed.</summary>
internal sealed class FileDamage(Random random)
{
    /// <summary>Damages one file, and says how.</summary>
    public string Apply(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string name = $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)} of {bytes.Length} bytes";
        if (bytes.Length == 0 || random.Next(8) == 0)
        {
            File.Delete(path);
            return $"{name} deleted";
        }

        int at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                File.WriteAllBytes(path, bytes[..at]);
                return $"{name} cut at {at}";
            case 1:
                int count = random.Next(1, Math.Min(4096, bytes.Length - at) + 1);
                bytes.AsSpan(at, count).Clear();
                File.WriteAllBytes(path, bytes);
                return $"{name}: {count} zeros at {at}";
            default:
                int bit = random.Next(8);
                bytes[at] ^= (byte)(1 << bit);
                File.WriteAllBytes(path, bytes);
                return $"{name}: bit {bit} of byte {at}";
        }
    }
}
