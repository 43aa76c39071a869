namespace Ottla.Protocol;

/// <summary>
/// What the size pass over a message adds up. The write pass must then produce exactly <see cref="Total"/> bytes, of which
/// <see cref="Gathered"/> are record batches that a gathering writer sends from where they lie instead of copying them.
/// </summary>
public struct MessageSize
{
    /// <summary>Record payloads of at least this many bytes are gathered, smaller ones are copied.</summary>
    public const int GatherFromBytes = 8 * 1024;

    /// <summary>All bytes of the message.</summary>
    public int Total { readonly get; set; }

    /// <summary>The part of <see cref="Total"/> that lies in record payloads of at least <see cref="GatherFromBytes"/>.</summary>
    public int Gathered { readonly get; set; }

    /// <summary>Counts bytes that are always written into the writer's buffer.</summary>
    public void Add(int bytes) => Total = checked(Total + bytes);

    /// <summary>Counts a record payload, without its length prefix.</summary>
    public void AddRecords(int bytes)
    {
        Total = checked(Total + bytes);
        if (bytes >= GatherFromBytes)
        {
            Gathered += bytes;
        }
    }

    /// <summary>Counts a record payload with its length prefix; null is the prefix alone.</summary>
    public void AddRecords(ReadOnlyMemory<byte>? records, bool flexible)
    {
        Add(ProtocolWriter.SizeOfBytesLength(records?.Length ?? -1, flexible));
        AddRecords(records?.Length ?? 0);
    }
}
