namespace Ottla.Core.Tests.Groups;

/// <summary>What a consumer believes.</summary>
internal sealed record ExploredClient
{
    public string MemberId { get; init; } = "";

    public int Generation { get; init; } = -1;

    public ExploredPhase Phase { get; init; }

    /// <summary>The request that it waits for.</summary>
    public long Token { get; init; }

    /// <summary>The members it was told of, if it leads.</summary>
    public string[] Members { get; init; } = [];

    /// <summary>The partition it owns; -1 for none.</summary>
    public int Partition { get; init; } = -1;

    public ExploredClient Forget() => new() { Phase = Phase == ExploredPhase.Fenced ? ExploredPhase.Fenced : ExploredPhase.Idle };

    public ExploredClient Rejoin() => this with { Phase = ExploredPhase.Idle, Token = 0, Partition = -1, Members = [] };
}
