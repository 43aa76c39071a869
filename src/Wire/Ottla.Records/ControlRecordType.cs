namespace Ottla.Records;

/// <summary>What a record in a control batch says, from its key.</summary>
public enum ControlRecordType : short
{
    /// <summary>A type that is not known here.</summary>
    Unknown = -1,

    /// <summary>A transaction of the batch's producer was aborted.</summary>
    Abort = 0,

    /// <summary>A transaction of the batch's producer was committed.</summary>
    Commit = 1,

    /// <summary>A leader of the metadata log was elected (KIP-595).</summary>
    LeaderChange = 2,

    /// <summary>A metadata snapshot begins (KIP-630).</summary>
    SnapshotHeader = 3,

    /// <summary>A metadata snapshot ends (KIP-630).</summary>
    SnapshotFooter = 4,

    /// <summary>The version of the metadata log's own format (KIP-853).</summary>
    KRaftVersion = 5,

    /// <summary>The voters of the metadata log (KIP-853).</summary>
    KRaftVoters = 6,
}
