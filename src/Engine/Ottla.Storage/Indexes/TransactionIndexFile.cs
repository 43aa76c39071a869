using System.Buffers.Binary;
using Ottla.Storage.Files;
using Ottla.Storage.Producers;

namespace Ottla.Storage.Indexes;

/// <summary>
/// A segment's <c>.txnindex</c>: 34-byte entries of the transactions that were aborted by a marker in it: version 0, producer id, first
/// and last offset, and the last stable offset at that moment. The file exists only where there is an entry.
/// </summary>
internal static class TransactionIndexFile
{
    public const int EntrySizeInBytes = 34;

    public static void Append(IFileSystem files, string path, in CompletedTransaction transaction, long lastStableOffset)
    {
        Span<byte> entry = stackalloc byte[EntrySizeInBytes];
        BinaryPrimitives.WriteInt16BigEndian(entry, 0);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], transaction.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], transaction.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], transaction.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], lastStableOffset);
        using IFile file = files.Open(path, FileOpening.ReadWriteOrCreate);
        file.Write(entry, file.Length / EntrySizeInBytes * EntrySizeInBytes);
    }
}
