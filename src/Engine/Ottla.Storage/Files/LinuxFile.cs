using Microsoft.Win32.SafeHandles;

namespace Ottla.Storage.Files;

internal sealed class LinuxFile(SafeFileHandle handle) : IFile
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long position)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int count = RandomAccess.Read(handle, buffer[total..], position + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public bool TryReadCached(Span<byte> buffer, long position, out int count)
    {
        count = 0;
        while (count < buffer.Length)
        {
            // A short count means either the end of the file or the end of what is cached; the next call tells which.
            int read = LibC.ReadCached(handle, buffer[count..], position + count);
            if (read < 0)
            {
                return false;
            }

            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return true;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(handle, bytes, position);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Sync() => LibC.SyncData(handle);

    public void Dispose() => handle.Dispose();
}
