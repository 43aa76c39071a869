namespace Ottla.Storage.Logs;

/// <summary>Who appends, which decides what is checked and who assigns offsets.</summary>
public enum AppendOrigin
{
    /// <summary>A producer: offsets are assigned, sequences and epochs checked.</summary>
    Client,

    /// <summary>A coordinator of this broker: offsets are assigned, producer epochs checked.</summary>
    Coordinator,

    /// <summary>A leader's batch on its follower, or a log that numbers its own batches: the offset and leader epoch in the batch stand.</summary>
    Replica,
}
