namespace Ottla.Protocol;

/// <summary>
/// Tagged fields (KIP-482) of a struct that knows none of them: a count, then for each a tag, a size and that many bytes. They are kept
/// as one slice, without the count.
/// </summary>
internal static class TaggedFields
{
    /// <summary>Passes over all fields and returns them as one slice.</summary>
    public static ReadOnlyMemory<byte> Read(ref ProtocolReader reader)
    {
        int count = reader.ReadTaggedFieldCount();
        if (count == 0)
        {
            return default;
        }

        int start = reader.Position;
        int previousTag = -1;
        for (int index = 0; index < count; index++)
        {
            reader.ReadTag(ref previousTag, out int sizeInBytes);
            reader.Skip(sizeInBytes);
        }

        return reader.SliceFrom(start);
    }

    /// <summary>How many fields lie in <paramref name="fields"/>.</summary>
    public static int CountOf(ReadOnlyMemory<byte> fields)
    {
        if (fields.IsEmpty)
        {
            return 0;
        }

        ProtocolReader reader = new(fields);
        int previousTag = -1;
        int count = 0;
        for (; reader.Remaining > 0; count++)
        {
            reader.ReadTag(ref previousTag, out int sizeInBytes);
            reader.Skip(sizeInBytes);
        }

        return count;
    }

    /// <summary>How many bytes the fields take with their count.</summary>
    public static int SizeOf(ReadOnlyMemory<byte> fields) =>
        fields.IsEmpty ? 1 : ProtocolWriter.SizeOfUnsignedVarint((uint)CountOf(fields)) + fields.Length;

    /// <summary>Writes the fields with their count.</summary>
    public static void Write(ref ProtocolWriter writer, ReadOnlyMemory<byte> fields)
    {
        writer.WriteUnsignedVarint((uint)CountOf(fields));
        writer.WriteRaw(fields.Span);
    }
}
