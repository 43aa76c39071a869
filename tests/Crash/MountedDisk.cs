using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>A small disk in memory, mounted for one test. It can be filled to the last byte and given room again.</summary>
internal sealed class MountedDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("disk");

    private MountedDisk()
    {
    }

    public string Path => _folder.Path;

    private string Ballast => _folder.Combine("ballast");

    private string Rest => _folder.Combine("rest");

    /// <summary>Mounts it, or skips the test where this user may not mount.</summary>
    public static async Task<MountedDisk> MountAsync(int mebibytes, CancellationToken cancellationToken)
    {
        MountedDisk disk = new();
        CommandResult mounted = await ChildProcess.RunAsync(
            new CommandLine("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "ottla-test", disk.Path), cancellationToken);
        if (mounted.ExitCode != 0)
        {
            disk._folder.Dispose();
            Assert.Skip($"This user may not mount a disk: {mounted.Error.Trim()}");
        }

        return disk;
    }

    /// <summary>Takes room away, which <see cref="GiveRoom"/> gives back.</summary>
    public void TakeRoom(int mebibytes)
    {
        using FileStream file = File.Create(Ballast);
        byte[] mebibyte = new byte[1 << 20];
        for (int written = 0; written < mebibytes; written++)
        {
            file.Write(mebibyte);
        }
    }

    /// <summary>Takes what room is left, to the last byte.</summary>
    public void TakeAll()
    {
        using FileStream file = File.Create(Rest, bufferSize: 1);
        try
        {
            while (true)
            {
                file.WriteByte(0);
            }
        }
        catch (IOException)
        {
            // There is no room any more.
        }
    }

    public void GiveRoom()
    {
        File.Delete(Ballast);
        File.Delete(Rest);
    }

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync(new CommandLine("umount", "-l", Path), CancellationToken.None);
        _folder.Dispose();
    }
}
