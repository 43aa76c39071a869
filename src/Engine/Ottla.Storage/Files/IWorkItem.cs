namespace Ottla.Storage.Files;

/// <summary>Work that waits for a disk, done on one of Storage's own threads.</summary>
public interface IWorkItem
{
    /// <summary>Does the work. It reports its failures itself: an exception that leaves here ends the process.</summary>
    void Run();
}
