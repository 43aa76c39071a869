using System.Reflection;
using CsCheck;
using Ottla.Protocol.Generator.Schema;
using Ottla.Protocol.Tests.Messages;

namespace Ottla.Protocol.Tests.Generator;

/// <summary>Combinations that the notation allows and that Kafka's messages happen not to have, compiled and run.</summary>
public sealed class AwkwardSchemaTests
{
    private const string Everything = """
        data Sample  versions 0-4  flexible 2+

        Flag       bool               = true
        Tiny       int8               = -128
        Unsigned   uint16        1-2  = 65535 ignorable
        Wide       uint32        3+   = 4294967295
        Ratio      float64
        Ratios     [float64]?         nullable 1+
        Ids        [uuid]?            = null
        Blobs      [bytes]
        Blob       bytes?
        Payload    records       1+
        Maybe      Inner         1+   nullable 2-3
          Text       string?          = null
          Deeper     Deep        2+
            Depth      int64          = -1
        Surely     Other?             = null
          Codes      [int8]
        TagNumber  int64         2+   = 7 tag 3
        TagBlob    bytes         2+   tag 1
        TagList    [Deep]?       3+   tag 0
        TagText    string?       2+   tag 9
        TagInner   Other         4    tag 2
        TagMaybe   Other?        4    = null tag 5
        TagAlways  Other?        4    tag 6
        """;

    [Fact]
    public void Every_combination_of_attributes_reads_and_writes_what_the_schema_says()
    {
        MessageSchema schema = Parse(Everything);
        Type type = SchemaCompiler.Compile(schema);
        MessageReader read = type.GetMethod("Read", BindingFlags.Public | BindingFlags.Static).OrFail().CreateDelegate<MessageReader>();
        for (short version = 0; version <= 4; version++)
        {
            short current = version;
            Gen.Int.Sample(
                seed =>
                {
                    SampleStruct sample = new SampleGenerator(schema, current, new Random(seed)).Draw();
                    byte[] bytes = SampleEncoder.Encode(schema, current, sample);
                    ProtocolReader reader = new(bytes);
                    IMessage message = read(ref reader, current);
                    Assert.Equal(0, reader.Remaining);
                    SampleMirror.AssertEqual(schema.Root, sample, message, "Sample");
                    Assert.Equal(bytes, MessageBytes.Encode(message, current));
                },
                iter: 200,
                threads: 1);
        }
    }

    [Fact]
    public void Null_where_the_version_has_none_is_refused_when_measured()
    {
        MessageSchema schema = Parse("data Sample versions 0-2 flexible 2+\n\nName string nullable 1+\nBatch records");
        Type type = SchemaCompiler.Compile(schema);
        IMessage message = (IMessage)Activator.CreateInstance(type).OrFail();
        type.GetProperty("Batch").OrFail().SetValue(message, new ReadOnlyMemory<byte>([1]));
        type.GetProperty("Name").OrFail().SetValue(message, null);

        Assert.Throws<InvalidOperationException>(() => MessageBytes.Encode(message, 0));
        Assert.Equal("FFFF0000000101", Convert.ToHexString(MessageBytes.Encode(message, 1)));

        type.GetProperty("Batch").OrFail().SetValue(message, null);
        Assert.Throws<InvalidOperationException>(() => MessageBytes.Encode(message, 1));
    }

    private static MessageSchema Parse(string text)
    {
        MessageSchema message = SchemaParser.Parse(text, out IReadOnlyList<SchemaError> errors);
        Assert.Empty(errors);
        return message;
    }
}
