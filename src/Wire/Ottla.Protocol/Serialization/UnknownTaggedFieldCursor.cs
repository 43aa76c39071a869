namespace Ottla.Protocol;

/// <summary>Writes unknown tagged fields between the known ones, in the order of the tags.</summary>
internal ref struct UnknownTaggedFieldCursor
{
    private readonly ReadOnlyMemory<byte> _fields;
    private int _position;

    public UnknownTaggedFieldCursor(ReadOnlyMemory<byte> fields)
    {
        _fields = fields;
        _position = 0;
    }

    /// <summary>Writes the fields whose tag is below <paramref name="knownTag"/>.</summary>
    /// <exception cref="InvalidOperationException">An unknown field has the known field's tag.</exception>
    public void WriteBefore(ref ProtocolWriter writer, int knownTag)
    {
        if (_position == _fields.Length)
        {
            return;
        }

        ProtocolReader reader = new(_fields[_position..]);
        int length = 0;
        int previousTag = -1;
        while (reader.Remaining > 0)
        {
            int tag = reader.ReadTag(ref previousTag, out int sizeInBytes);
            if (tag == knownTag)
            {
                throw new InvalidOperationException($"The tag {tag} is set both by a field and in the unknown tagged fields.");
            }

            if (tag > knownTag)
            {
                break;
            }

            reader.Skip(sizeInBytes);
            length = reader.Position;
        }

        writer.WriteRaw(_fields.Span.Slice(_position, length));
        _position += length;
    }

    /// <summary>Writes the fields that are left.</summary>
    public void WriteRest(ref ProtocolWriter writer)
    {
        writer.WriteRaw(_fields.Span[_position..]);
        _position = _fields.Length;
    }
}
