namespace Ottla.Records.Legacy;

/// <summary>Where the fields of a message of format v0 and v1 lie, from its offset on. The CRC-32 covers everything from the magic on.</summary>
internal static class LegacyLayout
{
    public const int Offset = 0;
    public const int Size = 8;
    public const int Crc = 12;
    public const int Magic = 16;
    public const int Attributes = 17;
    public const int Timestamp = 18;

    /// <summary>The bytes before those that the size counts.</summary>
    public const int LogOverhead = 12;

    /// <summary>The least size of a message v0: checksum, magic, attributes, and the lengths of key and value.</summary>
    public const int MinimumSize = 14;

    public const byte CodecMask = 0x07;
    public const byte LogAppendTimeFlag = 0x08;

    public static int KeyLengthAt(byte magic) => magic == 0 ? Timestamp : Timestamp + sizeof(long);
}
