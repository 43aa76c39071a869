namespace Ottla.Storage.Files;

/// <summary>What a failed file operation says of the disk.</summary>
public enum DiskFault
{
    /// <summary>There is no room, or the quota is used up; it may be retried when there is room again.</summary>
    Full,

    /// <summary>The disk, the file system or the permissions failed; nothing on that directory is trusted any more.</summary>
    Broken,
}
