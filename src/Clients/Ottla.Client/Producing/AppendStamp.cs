namespace Ottla.Client.Producing;

/// <summary>What a record gets on being accepted.</summary>
/// <param name="Now">A timestamp of the client's clock.</param>
/// <param name="TimestampMilliseconds">The record's own time, milliseconds since 1970.</param>
/// <param name="RecordBytes">The most bytes that it adds to a batch, which is what it takes of the memory limit.</param>
internal readonly record struct AppendStamp(long Now, long TimestampMilliseconds, long RecordBytes);
