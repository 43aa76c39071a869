using CsCheck;
using Ottla.Protocol.Generator.Schema;
using Ottla.Protocol.Tests.Schemas;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Bytes that a client should not send: cut off, overwritten, or claiming sizes that they do not have.</summary>
public sealed class HostileInputTests
{
    private const int SamplesPerVersion = 12;
    private const int MutationsPerSample = 20;

    private static readonly byte[] ExtremeBytes = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    public static TheoryData<string> ClassNames => SchemaFiles.ClassNames;

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void A_message_cut_short_at_any_byte_is_malformed(string className) =>
        ForEachVersion(className, iterations: 1, static (_, description, version, bytes, _) =>
        {
            int step = (bytes.Length / 300) + 1;
            for (int length = 0; length < bytes.Length; length += step)
            {
                (Exception? thrown, long allocated) = MeasuredRead.Try(description, version, bytes.AsMemory(0, length));

                Assert.True(thrown is MalformedMessageException, $"{length} of {bytes.Length} bytes gave {thrown?.ToString() ?? "a message"}.");
                MeasuredRead.AssertModest(allocated, length);
            }
        });

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void An_overwritten_message_is_read_or_malformed_and_never_expensive(string className) =>
        ForEachVersion(className, SamplesPerVersion, static (_, description, version, bytes, random) =>
        {
            if (bytes.Length == 0)
            {
                return;
            }

            for (int mutation = 0; mutation < MutationsPerSample; mutation++)
            {
                byte[] mutated = [.. bytes];
                int position = random.Next(mutated.Length);
                int run = Math.Min(random.Next(1, 6), mutated.Length - position);
                mutated.AsSpan(position, run).Fill(ExtremeBytes[random.Next(ExtremeBytes.Length)]);

                (Exception? thrown, long allocated) = MeasuredRead.Try(description, version, mutated);

                Assert.True(thrown is null or MalformedMessageException, $"{Convert.ToHexString(mutated)} gave {thrown}");
                MeasuredRead.AssertModest(allocated, mutated.Length);
            }
        });

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void Whatever_was_read_from_overwritten_bytes_can_be_written_and_read_again(string className) =>
        ForEachVersion(className, SamplesPerVersion, static (schema, description, version, bytes, random) =>
        {
            if (bytes.Length == 0)
            {
                return;
            }

            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ProtocolReader reader = new(bytes);
            IMessage message;
            try
            {
                message = description.Read(ref reader, version);
            }
            catch (MalformedMessageException)
            {
                return;
            }

            byte[] written = MessageBytes.Encode(message, version);
            ProtocolReader again = new(written);
            Assert.Equal(written, MessageBytes.Encode(description.Read(ref again, version), version));
            Assert.Equal(0, again.Remaining);
        });

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void A_version_that_the_message_does_not_have_is_refused(string className)
    {
        MessageDescription description = MessageCatalog.All.Single(message => message.Name == className);
        foreach (int version in new[] { description.Versions.Lowest - 1, description.Versions.Highest + 1, short.MinValue, short.MaxValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => MeasuredRead.Read(description, (short)version, new byte[100]));
            Assert.Throws<ArgumentOutOfRangeException>(() => MessageBytes.Encode(description.Create(), (short)version));
        }
    }

    private static void ForEachVersion(
        string className, int iterations, Action<MessageSchema, MessageDescription, short, byte[], Random> check)
    {
        MessageSchema schema = SchemaFiles.ByClassName[className];
        MessageDescription description = MessageCatalog.All.Single(message => message.Name == className);
        for (short version = description.Versions.Lowest; version <= description.Versions.Highest; version++)
        {
            short current = version;
            Gen.Int.Sample(
                seed =>
                {
                    Random random = new(seed);
                    SampleStruct sample = new SampleGenerator(schema, current, random).Draw();
                    check(schema, description, current, SampleEncoder.Encode(schema, current, sample), random);
                },
                iter: iterations,
                threads: 1);
        }
    }
}
