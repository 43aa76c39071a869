namespace Ottla.Records;

/// <summary>Why one record made its whole batch unacceptable (KIP-467).</summary>
/// <param name="BatchIndex">The record's place in the batch, from 0.</param>
/// <param name="Message">The reason, for people.</param>
public readonly record struct RecordError(int BatchIndex, string Message);
