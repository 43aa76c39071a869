namespace Ottla.Protocol.Tests.Messages;

/// <summary>
/// The values of a struct's fields by name, as plain objects: numbers boxed in their own type, <c>byte[]</c>, <c>string</c>,
/// <c>List&lt;object&gt;</c> and <see cref="SampleStruct"/>. Knows nothing of the generated classes.
/// </summary>
internal sealed class SampleStruct
{
    public Dictionary<string, object?> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Tagged fields that no schema knows, by tag.</summary>
    public SortedDictionary<int, byte[]> UnknownTags { get; } = [];
}
