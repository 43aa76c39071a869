namespace Ottla.Protocol.Generator.Schema;

/// <summary>What one schema file says.</summary>
internal sealed class MessageSchema
{
    public MessageKind Kind { get; set; }

    /// <summary>The API's key or the record's type; -1 when the kind has none.</summary>
    public int Key { get; set; } = -1;

    /// <summary>The name as the header line spells it: without <c>Request</c> or <c>Response</c>.</summary>
    public string Name { get; set; } = "";

    public VersionSpan Versions { get; set; }

    /// <summary>The flexible versions (KIP-482), within <see cref="Versions"/>.</summary>
    public VersionSpan Flexible { get; set; } = VersionSpan.None;

    public List<string> Listeners { get; } = new();

    public List<string> Description { get; } = new();

    /// <summary>The fields at the top.</summary>
    public StructSchema Root { get; } = new();

    /// <summary>All structs in the order in which the file defines them.</summary>
    public List<StructSchema> Structs { get; } = new();

    public bool IsApi => Kind is MessageKind.Request or MessageKind.Response;

    public string ClassName => Kind switch
    {
        MessageKind.Request => Name + "Request",
        MessageKind.Response => Name + "Response",
        _ => Name,
    };

    public string Namespace => Kind is MessageKind.Request or MessageKind.Response or MessageKind.Header or MessageKind.Data
        ? "Ottla.Protocol.Messages"
        : "Ottla.Protocol.Stored";
}
