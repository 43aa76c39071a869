namespace Ottla.Records.Compression;

/// <summary>Lets the BCL's stream codecs write to a <see cref="PooledOutput"/>.</summary>
internal sealed class PooledOutputStream(PooledOutput output) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => output.Written.Length;

    public override long Position
    {
        get => output.Written.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!output.TryAppend(buffer))
        {
            throw new InvalidOperationException("The compressed records do not fit into one array.");
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
