namespace Ottla.Storage.Producers;

/// <summary>A transaction that its marker ended.</summary>
/// <param name="ProducerId">Whose it was.</param>
/// <param name="FirstOffset">The offset of its first record.</param>
/// <param name="LastOffset">The offset of its marker.</param>
/// <param name="IsAborted">Whether it was aborted.</param>
internal readonly record struct CompletedTransaction(long ProducerId, long FirstOffset, long LastOffset, bool IsAborted);
