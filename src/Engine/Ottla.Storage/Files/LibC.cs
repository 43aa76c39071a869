using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ottla.Storage.Files;

/// <summary>
/// The calls that .NET does not offer or gets wrong: <c>RandomAccess.FlushToDisk</c> reports success when fsync failed, no API opens a
/// directory to make its names durable, and none reads only what is in memory.
/// </summary>
internal static partial class LibC
{
    public const int NoSpace = 28;
    public const int QuotaExceeded = 122;
    public const int FileTooLarge = 27;
    private const int TryAgain = 11;
    private const int Interrupted = 4;
    private const int OpenDirectoryReadOnly = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC; O_RDONLY is 0
    private const int ReadNoWait = 8; // RWF_NOWAIT
    private const int SetOpenFileLock = 37; // F_OFD_SETLK
    private const short WriteLock = 1; // F_WRLCK

    /// <summary>fdatasync: the bytes and what is needed to find them, the length included.</summary>
    public static void SyncData(SafeFileHandle file)
    {
        while (fdatasync(file) != 0)
        {
            ThrowUnlessInterrupted("fdatasync");
        }
    }

    public static void SyncDirectory(string path)
    {
        int directory = open(path, OpenDirectoryReadOnly);
        if (directory < 0)
        {
            throw Failure($"open directory {path}");
        }

        try
        {
            while (fsync(directory) != 0)
            {
                ThrowUnlessInterrupted($"fsync directory {path}");
            }
        }
        finally
        {
            // The descriptor is gone whatever close answers; the fsync above has reported any failed write.
            _ = close(directory);
        }
    }

    /// <summary>Reads what is in the page cache; -1 when the kernel would have to wait, or cannot tell.</summary>
    public static unsafe int ReadCached(SafeFileHandle file, Span<byte> buffer, long position)
    {
        fixed (byte* start = buffer)
        {
            var vector = new IoVector { Start = start, Length = (nuint)buffer.Length };
            while (true)
            {
                nint count = preadv2(file, &vector, 1, position, ReadNoWait);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    return -1;
                }
            }
        }
    }

    /// <summary>
    /// An open-file-description lock over the whole file. It also excludes Java's FileLock, which is a POSIX record lock, and unlike
    /// that one does not vanish when some other descriptor of the file is closed.
    /// </summary>
    public static bool TryLock(SafeFileHandle file)
    {
        var range = new FileLockRange { Type = WriteLock };
        if (fcntl(file, SetOpenFileLock, ref range) == 0)
        {
            return true;
        }

        const int accessDenied = 13;
        if (Marshal.GetLastPInvokeError() is TryAgain or accessDenied)
        {
            return false;
        }

        throw Failure("lock");
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        if (Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw Failure(call);
        }
    }

    private static IOException Failure(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint preadv2(SafeFileHandle file, IoVector* vectors, int count, long position, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, ref FileLockRange range);

    private unsafe struct IoVector
    {
        public byte* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FileLockRange
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length; // 0: to the end, however far the file grows
        public int ProcessId; // 0, as this kind of lock demands
    }
}
