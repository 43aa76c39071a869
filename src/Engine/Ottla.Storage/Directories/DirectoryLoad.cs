namespace Ottla.Storage.Directories;

/// <summary>How a directory was left by its last process.</summary>
/// <param name="WasClean">Whether it was stopped cleanly.</param>
/// <param name="BrokerEpoch">The broker epoch of that stop; -1 for none.</param>
internal readonly record struct DirectoryLoad(bool WasClean, long BrokerEpoch);
