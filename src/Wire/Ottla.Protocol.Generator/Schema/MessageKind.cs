namespace Ottla.Protocol.Generator.Schema;

/// <summary>What a schema file describes; the first word of its header line.</summary>
internal enum MessageKind
{
    /// <summary>A request of an API.</summary>
    Request,

    /// <summary>A response of an API.</summary>
    Response,

    /// <summary>A request or response header.</summary>
    Header,

    /// <summary>A message that travels inside another one's byte field.</summary>
    Data,

    /// <summary>A record of a log with typed records, such as the metadata log.</summary>
    Record,

    /// <summary>The key of a coordinator's record.</summary>
    Key,

    /// <summary>The value of a coordinator's record.</summary>
    Value,

    /// <summary>Anything else that is stored.</summary>
    Stored,
}
