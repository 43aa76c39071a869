using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Stored;
using Ottla.Records;

namespace Ottla.Coordination.Metadata;

/// <summary>
/// What the control records of the metadata log say of the log itself (KIP-853). A log that begins here has kraft.version 0 and says
/// nothing; one that Kafka formatted may have more, which is kept as it is.
/// </summary>
internal sealed class QuorumControlState
{
    /// <summary>The value of the last record that set kraft.version; null when none did.</summary>
    public byte[]? KRaftVersion { get; private set; }

    /// <summary>The value of the last record that named the voters; null when none did.</summary>
    public byte[]? Voters { get; private set; }

    /// <summary>The log's kraft.version.</summary>
    public short Version { get; private set; }

    /// <summary>The ids of the voters that a record named; null when none did.</summary>
    public IReadOnlyList<VotersRecord.Voter>? NamedVoters { get; private set; }

    /// <summary>Takes in one control record.</summary>
    public void Learn(ControlRecordType type, byte[] value)
    {
        ProtocolReader reader = new(value);
        switch (type)
        {
            case ControlRecordType.KRaftVersion:
                Version = KRaftVersionRecord.Read(ref reader, 0).KRaftVersion;
                KRaftVersion = value;
                if (Version > 1)
                {
                    throw new InvalidMetadataException($"The metadata log has kraft.version {Version}; this release reads up to 1.");
                }

                break;
            case ControlRecordType.KRaftVoters:
                NamedVoters = VotersRecord.Read(ref reader, 0).Voters;
                Voters = value;
                break;
        }
    }
}
