namespace Ottla.Records.Tests;

public sealed record TestRecord(long Timestamp, byte[]? Key, byte[]? Value, RecordHeader[] Headers);
