using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Generator;

/// <summary>What the schema files may and may not say.</summary>
public sealed class SchemaParserTests
{
    private const string Header = "request 0 Sample  versions 0-5  flexible 3+\n";

    [Theory]
    [InlineData("", 0, "no header line")]
    [InlineData("demand 0 Sample versions 0 flexible none", 0, "'demand'")]
    [InlineData("Request 0 Sample versions 0 flexible none", 0, "'Request'")]
    [InlineData("request Sample versions 0 flexible none", 0, "number before its name")]
    [InlineData("request 0", 0, "has no name")]
    [InlineData("request 0 Sample versions 0", 0, "which of them are flexible")]
    [InlineData("request 0 Sample versions 0+ flexible none", 0, "which versions it has")]
    [InlineData("request 0 Sample versions 5-3 flexible none", 0, "'versions'")]
    [InlineData(Header + "Name", 1, "a name and a type")]
    [InlineData(Header + "Name strin", 1, "strin is neither a type nor a struct")]
    [InlineData(Header + "Name string 6+", 1, "'6+'")]
    [InlineData(Header + "Name string 0+ optional", 1, "'optional'")]
    [InlineData(Header + "name string", 1, "capital letter")]
    [InlineData(Header + "Name string\nName int32", 2, "The name Name is taken")]
    [InlineData(Header + "Versions int32", 1, "The name Versions is taken")]
    [InlineData(Header + "Name string tag 0", 1, "only in flexible versions")]
    [InlineData(Header + "A string 3+ tag 0\nB string 3+ tag 0", 2, "A tag occurs once")]
    [InlineData(Header + "Count int32?", 1, "can be null")]
    [InlineData(Header + "Count int8 = 128", 1, "'128' is not a default")]
    [InlineData(Header + "Name string = null", 1, "'null' is not a default")]
    [InlineData(Header + "Names [string] = 3", 1, "'3' is not a default")]
    [InlineData(Header + "Batches [records]", 1, "Records are neither")]
    [InlineData(Header + "Count int32\n  Name string", 2, "indentation")]
    [InlineData(Header + "Items [Item]\n    Name string", 2, "indentation")]
    [InlineData(Header + "Item [Item]\n  Name string", 1, "needs another name")]
    [InlineData(Header + "Items [Item]\n  Name string\nOthers [Item]\n  Name string", 3, "defined twice")]
    [InlineData(Header + "Items [Item]\n  More [Item]", 1, "contains itself")]
    [InlineData(Header + "Items [Item]\nstruct Item 2+\n  Name string", 1, "exists in versions 2-5, the field in 0-5")]
    public void A_malformed_schema_is_refused_on_its_line(string text, int line, string message)
    {
        SchemaParser.Parse(text, out IReadOnlyList<SchemaError> errors);

        Assert.Contains(errors, error => error.Line == line && error.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_inner_fields_are_cut_to_those_of_the_struct()
    {
        MessageSchema message = Parse(Header + "Items [Item] 2-4\n  Name string 1+\n  Id uuid 4+");

        Assert.Equal(new VersionSpan(2, 4), message.Structs[0].Fields[0].Versions);
        Assert.Equal(new VersionSpan(4, 4), message.Structs[0].Fields[1].Versions);
    }

    [Fact]
    public void Comments_above_the_header_describe_the_message_and_those_behind_a_field_the_field()
    {
        MessageSchema message = Parse("# First.\n# Second.\n" + Header + "\n# Not this one.\nName string  # Who it is.");

        Assert.Equal(["First.", "Second."], message.Description);
        Assert.Equal("Who it is.", message.Root.Fields[0].Description);
    }

    [Fact]
    public void A_question_mark_allows_null_in_all_versions_and_the_attribute_in_some()
    {
        MessageSchema message = Parse(Header + "A string? 1+\nB string 1+ nullable 4+");

        Assert.Equal(new VersionSpan(1, 5), message.Root.Fields[0].Nullable);
        Assert.Equal(new VersionSpan(4, 5), message.Root.Fields[1].Nullable);
    }

    private static MessageSchema Parse(string text)
    {
        MessageSchema message = SchemaParser.Parse(text, out IReadOnlyList<SchemaError> errors);
        Assert.Empty(errors);
        return message;
    }
}
