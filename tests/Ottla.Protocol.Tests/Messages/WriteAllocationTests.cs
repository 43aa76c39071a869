using Ottla.Protocol.Generator.Schema;
using Ottla.Protocol.Tests.Schemas;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Writing a message costs the buffer it is written into, which its caller owns.</summary>
public sealed class WriteAllocationTests
{
    [Fact]
    public void Measuring_and_writing_allocate_nothing()
    {
        byte[] buffer = new byte[64 * 1024];
        foreach (MessageDescription description in MessageCatalog.All)
        {
            MessageSchema schema = SchemaFiles.ByClassName[description.Name];
            for (short version = description.Versions.Lowest; version <= description.Versions.Highest; version++)
            {
                SampleStruct sample = new SampleGenerator(schema, version, new Random(version)).Draw();
                ProtocolReader reader = new(SampleEncoder.Encode(schema, version, sample));
                IMessage message = description.Read(ref reader, version);
                MeasureAndWrite(message, buffer, version);

                long before = GC.GetAllocatedBytesForCurrentThread();
                MeasureAndWrite(message, buffer, version);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

                Assert.True(allocated == 0, $"{description.Name} {version} allocated {allocated} bytes.");
            }
        }
    }

    private static void MeasureAndWrite(IMessage message, byte[] buffer, short version)
    {
        MessageSize size = default;
        message.Measure(ref size, version);
        ProtocolWriter writer = new(buffer);
        message.Write(ref writer, version);
    }
}
