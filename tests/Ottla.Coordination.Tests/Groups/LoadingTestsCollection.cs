namespace Ottla.Coordination.Tests.Groups;

/// <summary>Runs the loading tests alone: they measure processor time.</summary>
[CollectionDefinition(nameof(LoadingTests), DisableParallelization = true)]
public sealed class LoadingTestsCollection;
