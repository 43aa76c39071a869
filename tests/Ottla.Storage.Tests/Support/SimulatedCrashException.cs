namespace Ottla.Storage.Tests.Support;

/// <summary>The process is dead. Not an IOException, so that no code under test takes it for one.</summary>
internal sealed class SimulatedCrashException : Exception;
