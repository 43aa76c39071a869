namespace Ottla.Records;

/// <summary>Where the fields of a record batch v2 lie (KIP-98). The checksum covers everything from the attributes on.</summary>
internal static class RecordBatchLayout
{
    public const int BaseOffset = 0;
    public const int BatchLength = 8;
    public const int PartitionLeaderEpoch = 12;
    public const int Magic = 16;
    public const int Crc = 17;
    public const int Attributes = 21;
    public const int LastOffsetDelta = 23;
    public const int BaseTimestamp = 27;
    public const int MaxTimestamp = 35;
    public const int ProducerId = 43;
    public const int ProducerEpoch = 51;
    public const int BaseSequence = 53;
    public const int RecordCount = 57;
    public const int Records = 61;

    /// <summary>The bytes before those that <see cref="BatchLength"/> counts: base offset and the length itself.</summary>
    public const int LogOverhead = 12;

    public const byte CurrentMagic = 2;

    public const short CodecMask = 0x07;
    public const short LogAppendTimeFlag = 0x08;
    public const short TransactionalFlag = 0x10;
    public const short ControlFlag = 0x20;
    public const short DeleteHorizonFlag = 0x40;

    public const long NoTimestamp = -1;
    public const long NoProducerId = -1;
    public const short NoProducerEpoch = -1;
    public const int NoSequence = -1;
}
