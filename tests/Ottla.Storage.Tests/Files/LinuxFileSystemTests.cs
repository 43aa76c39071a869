using System.Diagnostics;
using Ottla.Storage.Files;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Files;

public sealed class LinuxFileSystemTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly LinuxFileSystem _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failed_sync_is_reported_where_NETs_own_reports_success()
    {
        // The kernel refuses to sync a character device, as it refuses a broken disk.
        using IFile device = _files.Open("/dev/null", FileOpening.ReadWrite);

        IOException failure = Assert.ThrowsAny<IOException>(device.Sync);

        Assert.Equal(22, failure.HResult); // EINVAL
        Assert.Equal(DiskFault.Broken, DiskFaults.Classify(failure));
    }

    [Fact]
    public void A_write_without_room_is_told_from_a_broken_disk()
    {
        using IFile device = _files.Open("/dev/full", FileOpening.ReadWrite);

        IOException failure = Assert.ThrowsAny<IOException>(() => device.Write(new byte[10], 0));

        Assert.Equal(DiskFault.Full, DiskFaults.Classify(failure));
    }

    [Fact]
    public void What_was_just_written_is_read_without_waiting()
    {
        string path = Path.Combine(_folder.Path, "f");
        byte[] content = new byte[200_000];
        new Random(5).NextBytes(content);
        using IFile file = _files.Open(path, FileOpening.CreateEmpty);
        file.Write(content, 0);

        byte[] read = new byte[content.Length + 10];
        Assert.True(file.TryReadCached(read, 0, out int count));
        Assert.Equal(content.Length, count);
        Assert.Equal(content, read[..count]);
        Assert.Equal(count - 100, file.Read(read, 100));
    }

    [Fact]
    public void Reserved_space_does_not_show_in_the_length_and_is_given_back()
    {
        string path = Path.Combine(_folder.Path, "f");
        using IFile file = _files.Open(path, FileOpening.CreateEmpty, preallocatedBytes: 4 * 1024 * 1024);
        file.Write([1, 2, 3], 0);

        Assert.Equal(3, file.Length);
        Assert.True(AllocatedBytes(path) >= 4 * 1024 * 1024);
        file.SetLength(3);
        Assert.True(AllocatedBytes(path) < 1024 * 1024);
    }

    [Fact]
    public void A_directorys_names_can_be_synced_and_a_missing_directory_is_an_error()
    {
        _files.SyncDirectory(_folder.Path);

        IOException failure = Assert.ThrowsAny<IOException>(() => _files.SyncDirectory(Path.Combine(_folder.Path, "missing")));
        Assert.Equal(2, failure.HResult); // ENOENT
    }

    [Fact]
    public void A_lock_is_held_against_others_until_it_is_given_back()
    {
        string path = Path.Combine(_folder.Path, ".lock");
        IDisposable? held = _files.TryLock(path);
        Assert.NotNull(held);
        Assert.Null(_files.TryLock(path));

        held.Dispose();

        using IDisposable? again = _files.TryLock(path);
        Assert.NotNull(again);
    }

    [Fact]
    public void Replacing_a_small_file_leaves_no_temporary_one()
    {
        string path = Path.Combine(_folder.Path, "f");
        AtomicFile.Write(_files, path, "old"u8);
        AtomicFile.Write(_files, path, "new"u8);

        Assert.Equal("new"u8.ToArray(), AtomicFile.Read(_files, path));
        Assert.Equal(["f"], _files.ListFiles(_folder.Path).Select(entry => entry.Name));
        Assert.Null(AtomicFile.Read(_files, path + ".missing"));
    }

    [Fact]
    public void Threads_do_their_work_in_order_and_finish_it_before_they_end()
    {
        var done = new List<int>();
        var threads = new WorkThreads("test", threadCount: 1, capacity: 100);
        for (int index = 0; index < 50; index++)
        {
            int number = index;
            Assert.True(threads.TryEnqueue(new QueuedWork<int>(
                () =>
                {
                    done.Add(number);
                    return number;
                },
                CancellationToken.None)));
        }

        threads.Start();
        threads.Dispose();

        Assert.Equal(Enumerable.Range(0, 50), done);
        Assert.False(threads.TryEnqueue(new QueuedWork<int>(() => 0, CancellationToken.None)));
    }

    [Fact]
    public void A_full_queue_refuses_work()
    {
        var threads = new WorkThreads("test", threadCount: 1, capacity: 1);
        Assert.True(threads.TryEnqueue(new QueuedWork<int>(() => 0, CancellationToken.None)));
        Assert.False(threads.TryEnqueue(new QueuedWork<int>(() => 0, CancellationToken.None)));
        threads.Dispose();
    }

    private static long AllocatedBytes(string path)
    {
        using Process stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b %B", path]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("stat did not start");
        string[] parts = stat.StandardOutput.ReadToEnd().Trim().Split(' ');
        stat.WaitForExit();
        return long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) * long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
