using CsCheck;
using Ottla.Protocol.Tests.Golden;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Damaged copies of what Kafka and its clients really sent, for as long as one cares to wait.</summary>
[Trait("Kind", "Long")]
public sealed class MessageFuzzTests
{
    private const int Seconds = 600;

    [Fact]
    public void Damaged_messages_are_read_or_malformed_never_expensive_and_written_as_they_were_read()
    {
        GoldenMessage[] corpus = [.. GoldenMessage.ReadAll()];
        Gen.Int.Sample(
            seed =>
            {
                Random random = new(seed);
                GoldenMessage victim = corpus[random.Next(corpus.Length)];
                byte[] bytes = victim.Bytes;
                for (int count = random.Next(1, 5); count > 0; count--)
                {
                    bytes = Damage(bytes, corpus[random.Next(corpus.Length)].Bytes, random);
                }

                Check(victim, bytes);
            },
            time: Seconds,
            threads: 1);
    }

    private static byte[] Damage(byte[] bytes, byte[] other, Random random)
    {
        int from = random.Next(bytes.Length + 1);
        int to = random.Next(from, Math.Min(bytes.Length, from + 8) + 1);
        int otherFrom = random.Next(other.Length + 1);
        int otherTo = random.Next(otherFrom, Math.Min(other.Length, otherFrom + 32) + 1);
        byte[] noise = new byte[random.Next(6)];
        random.NextBytes(noise);
        return random.Next(5) switch
        {
            0 => [.. bytes[..from], .. noise, .. bytes[to..]],
            1 => [.. bytes[..from], .. Enumerable.Repeat((byte)(random.Next(2) * 255), to - from), .. bytes[to..]],
            2 => [.. bytes[..from], .. other[otherFrom..otherTo], .. bytes[to..]],
            3 => [.. bytes[..to], .. bytes[from..]],
            _ => bytes[..from],
        };
    }

    private static void Check(GoldenMessage victim, byte[] bytes)
    {
        (Exception? thrown, long allocated) = MeasuredRead.Try(victim.Description, victim.Version, bytes);
        Assert.True(thrown is null or MalformedMessageException, $"{victim.Description.Name} {victim.Version} {Convert.ToHexString(bytes)} gave {thrown}");
        MeasuredRead.AssertModest(allocated, bytes.Length);
        if (thrown is not null)
        {
            return;
        }

        ProtocolReader reader = new(bytes);
        byte[] written = MessageBytes.Encode(victim.Description.Read(ref reader, victim.Version), victim.Version);
        ProtocolReader again = new(written);
        Assert.Equal(written, MessageBytes.Encode(victim.Description.Read(ref again, victim.Version), victim.Version));
    }
}
