namespace Ottla.Client.Producing;

/// <summary>Who must have a record before the broker acknowledges it; the values are those of the wire.</summary>
public enum Acks : short
{
    /// <summary>All replicas in sync (<c>acks=all</c>, -1). Needed for an idempotent producer.</summary>
    All = -1,

    /// <summary>Nobody: the broker does not answer, and a record may be lost without a word (<c>acks=0</c>).</summary>
    None = 0,

    /// <summary>The leader alone (<c>acks=1</c>).</summary>
    Leader = 1,
}
