namespace Ottla.Storage.Files;

/// <summary>A file in a directory listing.</summary>
/// <param name="Name">The name without its directory.</param>
/// <param name="SizeInBytes">The length at the time of the listing.</param>
public readonly record struct FileEntry(string Name, long SizeInBytes);
