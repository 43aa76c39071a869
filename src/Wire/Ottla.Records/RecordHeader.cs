namespace Ottla.Records;

/// <summary>A header to write with a record (KIP-82).</summary>
/// <param name="Key">The name; several headers may share one.</param>
/// <param name="Value">The bytes, or null.</param>
public readonly record struct RecordHeader(string Key, ReadOnlyMemory<byte>? Value);
