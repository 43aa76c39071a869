using Ottla.Protocol.Generator.Schema;
using Ottla.Protocol.Tests.Schemas;

namespace Ottla.Protocol.Tests.Generator;

/// <summary>Where the summaries of generated properties come from.</summary>
public sealed class FieldGlossaryTests
{
    [Fact]
    public void A_fields_own_comment_comes_before_the_meaning_of_its_name_and_that_before_the_name()
    {
        FieldGlossary glossary = new("# Words.\n\nHost      The host's name.\n");

        Assert.Equal("Where it runs.", glossary.Describe(new FieldSchema { Name = "Host", Description = "Where it runs." }));
        Assert.Equal("The host's name.", glossary.Describe(new FieldSchema { Name = "Host" }));
        Assert.Equal("Port.", glossary.Describe(new FieldSchema { Name = "Port" }));
    }

    [Fact]
    public void Every_word_of_the_glossary_is_the_name_of_a_field()
    {
        string path = Path.Combine(SchemaFiles.RepositoryRoot, "src", "Wire", "Ottla.Protocol", "Schemas", "fields.glossary");
        FieldGlossary glossary = new(File.ReadAllText(path));
        IEnumerable<string> fields = SchemaFiles.ByClassName.Values
            .SelectMany(message => message.Structs.Append(message.Root))
            .SelectMany(block => block.Fields)
            .Select(field => field.Name);

        Assert.Empty(glossary.Names.Except(fields));
    }
}
