namespace Ottla.Storage.Files;

/// <summary>
/// An open file, read and written at explicit positions. Reads and writes may run at the same time from several threads as long as
/// writers do not overlap. All failures are <see cref="IOException"/> whose <see cref="Exception.HResult"/> is the system's error number.
/// </summary>
public interface IFile : IDisposable
{
    /// <summary>The file's length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads at <paramref name="position"/> until <paramref name="buffer"/> is full or the file ends; may wait for the disk.</summary>
    /// <returns>How many bytes were read; fewer than asked for only at the end of the file.</returns>
    int Read(Span<byte> buffer, long position);

    /// <summary>
    /// As <see cref="Read"/>, but never waits for the disk: false when a part of the range is not in memory. A file system that cannot
    /// tell answers false.
    /// </summary>
    bool TryReadCached(Span<byte> buffer, long position, out int count);

    /// <summary>Writes all of <paramref name="bytes"/> at <paramref name="position"/>. On failure any part of them may have been written.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Cuts or lengthens the file.</summary>
    void SetLength(long length);

    /// <summary>Makes the bytes and the length durable (fdatasync). A failure is final: what was written before may be lost.</summary>
    void Sync();
}
