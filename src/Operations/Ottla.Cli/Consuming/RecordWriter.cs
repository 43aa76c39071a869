using System.Buffers;
using Ottla.Client.Consuming;

namespace Ottla.Cli.Consuming;

/// <summary>Writes records to the output, by a format or, without one, as JSON lines. Bytes stay what they are where that can be done.</summary>
internal sealed class RecordWriter(TextWriter output, RecordFormat? format)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);

    /// <summary>Writes at most <paramref name="limit"/> records of a batch; returns how many, and the offset after the last.</summary>
    public long Write(ConsumedBatch batch, long limit, out long nextOffset)
    {
        long written = 0;
        nextOffset = batch.NextOffset;
        foreach (ConsumedRecordView record in batch)
        {
            if (format is not null)
            {
                format.Write(_buffer, record, batch);
            }
            else
            {
                JsonRecordFormat.Write(_buffer, record, batch);
            }

            written++;
            if (written == limit)
            {
                nextOffset = record.Offset + 1;
                break;
            }
        }

        return written;
    }

    /// <summary>Hands what was written to the output.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (output is StreamWriter stream)
        {
            await stream.FlushAsync(cancellationToken);
            await stream.BaseStream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
            await stream.BaseStream.FlushAsync(cancellationToken);
        }
        else
        {
            await output.WriteAsync(System.Text.Encoding.UTF8.GetString(_buffer.WrittenSpan).AsMemory(), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }

        _buffer.ResetWrittenCount();
    }
}
