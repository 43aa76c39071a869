namespace Ottla.Storage.Logs;

/// <summary>What a reader asks for.</summary>
/// <param name="Offset">The first offset that is wanted.</param>
/// <param name="MaxBytes">How much to return.</param>
/// <param name="AtLeastOneBatch">Whether the first batch is returned however large it is (KIP-74).</param>
/// <param name="UpToOffset">Where reading ends: no batch that reaches this offset is returned.</param>
internal readonly record struct ReadRequest(long Offset, int MaxBytes, bool AtLeastOneBatch, long UpToOffset);
