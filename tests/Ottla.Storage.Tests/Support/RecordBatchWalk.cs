using System.Collections;
using Ottla.Records;

namespace Ottla.Storage.Tests.Support;

internal sealed class RecordBatchWalk(ReadOnlyMemory<byte> bytes) : IEnumerable<ReadOnlyMemory<byte>>
{
    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
    {
        int position = 0;
        while (RecordBatchHeader.TryRead(bytes.Span[position..], out RecordBatchHeader header))
        {
            yield return bytes.Slice(position, header.TotalSizeInBytes);
            position += header.TotalSizeInBytes;
        }

        Assert.Equal(bytes.Length, position);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
