namespace Ottla.Core.Metadata;

/// <summary>The ids that stand for no log directory in particular (KIP-858).</summary>
public static class DirectoryIds
{
    /// <summary>The broker has not said yet in which directory it puts the replica.</summary>
    public static Guid Unassigned { get; } = new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], bigEndian: true);
}
