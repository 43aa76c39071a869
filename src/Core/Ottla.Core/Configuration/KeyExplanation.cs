namespace Ottla.Core.Configuration;

/// <summary>What there is to know about a configuration key, as text.</summary>
public sealed record KeyExplanation
{
    /// <summary>The key.</summary>
    public required string Name { get; init; }

    /// <summary><c>broker</c> or <c>topic</c>; null for a key without effect.</summary>
    public string? Scope { get; init; }

    /// <summary>What it does.</summary>
    public required string Documentation { get; init; }

    /// <summary>Its type, in Kafka's words; null for a key without effect, like all below.</summary>
    public string? Type { get; init; }

    /// <summary>Its default; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The values that it takes.</summary>
    public string? Allowed { get; init; }

    /// <summary>When a change takes effect.</summary>
    public string? Changes { get; init; }

    /// <summary>The broker keys that a topic's default is taken from.</summary>
    public IReadOnlyList<string> DefaultComesFrom { get; init; } = [];
}
