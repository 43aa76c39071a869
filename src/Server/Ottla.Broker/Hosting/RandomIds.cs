namespace Ottla.Broker.Hosting;

/// <summary>Random ids from one injected source. Thread-safe.</summary>
internal sealed class RandomIds
{
    private readonly Lock _gate = new(); // guards _random
    private readonly Random _random;

    public RandomIds(Random random)
    {
        _random = random;
    }

    /// <summary>A random id in the form of a version 4 UUID.</summary>
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate)
        {
            _random.NextBytes(bytes);
        }

        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A source of its own for a part that keeps its randomness to itself.</summary>
    public Random Fork()
    {
        lock (_gate)
        {
            return new Random(_random.Next());
        }
    }
}
