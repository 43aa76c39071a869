namespace Ottla.Protocol.Generator.Schema;

/// <summary>One line of a schema file, cut into words.</summary>
internal readonly record struct SchemaLine(int Number, int Indent, string[] Words, string Comment)
{
    private static readonly char[] Blanks = { ' ', '\t', '\r' };

    public static SchemaLine Split(string text, int number)
    {
        int hash = text.IndexOf('#');
        string comment = hash < 0 ? "" : text.Substring(hash + 1).Trim();
        string content = hash < 0 ? text : text.Substring(0, hash);
        int indent = 0;
        while (indent < content.Length && content[indent] == ' ')
        {
            indent++;
        }

        return new SchemaLine(number, indent, content.Split(Blanks, StringSplitOptions.RemoveEmptyEntries), comment);
    }
}
