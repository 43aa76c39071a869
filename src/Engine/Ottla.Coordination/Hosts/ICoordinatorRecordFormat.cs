namespace Ottla.Coordination.Hosts;

/// <summary>The bytes of a machine's records.</summary>
/// <typeparam name="TRecord">The machine's records.</typeparam>
public interface ICoordinatorRecordFormat<TRecord>
    where TRecord : class
{
    /// <summary>The record's key.</summary>
    ReadOnlyMemory<byte> WriteKey(TRecord record);

    /// <summary>The record's value; null for a tombstone.</summary>
    ReadOnlyMemory<byte>? WriteValue(TRecord record);

    /// <summary>
    /// Reads a record; null for one that the machine has no use for. The memory is valid during the call and until the record was
    /// applied. Throws <see cref="Protocol.MalformedMessageException"/> for bytes that are not what they claim to be.
    /// </summary>
    TRecord? Read(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value);
}
