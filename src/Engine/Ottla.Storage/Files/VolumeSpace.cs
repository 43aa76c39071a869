namespace Ottla.Storage.Files;

/// <summary>How large a volume is.</summary>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What an ordinary process may still use.</param>
public readonly record struct VolumeSpace(long TotalBytes, long FreeBytes);
