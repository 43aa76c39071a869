using CsCheck;
using Ottla.Protocol.Generator.Schema;
using Ottla.Protocol.Tests.Schemas;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Every message in every version, against an encoder that interprets the schema.</summary>
public sealed class MessageRoundTripTests
{
    private const int SamplesPerVersion = 30;

    public static TheoryData<string> ClassNames => SchemaFiles.ClassNames;

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void A_message_reads_what_the_schema_says_and_writes_the_same_bytes(string className) =>
        ForEachVersion(className, static (schema, description, version, seed) =>
        {
            SampleStruct sample = new SampleGenerator(schema, version, new Random(seed)).Draw();
            byte[] bytes = SampleEncoder.Encode(schema, version, sample);

            ProtocolReader reader = new(bytes);
            IMessage message = description.Read(ref reader, version);

            Assert.Equal(0, reader.Remaining);
            SampleMirror.AssertEqual(schema.Root, sample, message, schema.ClassName);
            Assert.Equal(bytes, MessageBytes.Encode(message, version));
        });

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void A_message_that_was_filled_by_hand_writes_what_the_schema_says(string className) =>
        ForEachVersion(className, static (schema, _, version, seed) =>
        {
            SampleStruct sample = new SampleGenerator(schema, version, new Random(seed)).Draw();
            RemoveUnknownTags(sample);

            byte[] bytes = MessageBytes.Encode(SampleMirror.Build(schema, sample), version);

            Assert.Equal(SampleEncoder.Encode(schema, version, sample), bytes);
        });

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void A_field_that_the_version_lacks_is_refused_unless_it_may_be_dropped(string className) =>
        ForEachVersion(className, static (schema, description, version, seed) =>
        {
            foreach (FieldSchema field in schema.Root.Fields.Where(field => !field.Versions.Contains(version)))
            {
                SampleGenerator generator = new(schema, (short)field.Versions.Low, new Random(seed));
                IMessage message = description.Create();
                SampleMirror.Set(message, field, generator.DrawOther(field));

                Exception? thrown = Record.Exception(() => MessageBytes.Encode(message, version));

                Assert.True(field.IsIgnorable ? thrown is null : thrown is InvalidOperationException, $"{field.Name}: {thrown}");
            }
        });

    [Fact]
    public void The_catalog_has_a_message_for_every_schema()
    {
        Assert.Equal(SchemaFiles.ByClassName.Keys, MessageCatalog.All.Select(message => message.Name).Order(StringComparer.Ordinal));
        foreach (MessageDescription description in MessageCatalog.All)
        {
            MessageSchema schema = SchemaFiles.ByClassName[description.Name];
            Assert.Equal((schema.Versions.Low, schema.Versions.High), (description.Versions.Lowest, description.Versions.Highest));
            Assert.Equal(SampleMirror.TypeOf(schema), description.Create().GetType());
        }
    }

    private static void ForEachVersion(string className, Action<MessageSchema, MessageDescription, short, int> check)
    {
        MessageSchema schema = SchemaFiles.ByClassName[className];
        MessageDescription description = MessageCatalog.All.Single(message => message.Name == className);
        for (short version = description.Versions.Lowest; version <= description.Versions.Highest; version++)
        {
            short current = version;
            Gen.Int.Sample(seed => check(schema, description, current, seed), iter: SamplesPerVersion, threads: 1);
        }
    }

    private static void RemoveUnknownTags(SampleStruct sample)
    {
        sample.UnknownTags.Clear();
        foreach (object? value in sample.Fields.Values)
        {
            foreach (SampleStruct inner in (value as List<object?> ?? [value]).OfType<SampleStruct>())
            {
                RemoveUnknownTags(inner);
            }
        }
    }
}
