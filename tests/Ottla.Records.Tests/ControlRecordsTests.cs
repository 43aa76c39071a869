using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Records.Tests;

public sealed class ControlRecordsTests
{
    [Fact]
    public void A_key_is_version_and_type_in_four_bytes()
    {
        Assert.Equal([0, 0, 0, 1], ControlRecords.CreateKey(ControlRecordType.Commit));
        Assert.True(ControlRecords.TryReadKey([0, 0, 0, 2], out ControlRecordType type));
        Assert.Equal(ControlRecordType.LeaderChange, type);
        Assert.True(ControlRecords.TryReadKey([0, 1, 0, 99], out type));
        Assert.Equal(ControlRecordType.Unknown, type);
        Assert.False(ControlRecords.TryReadKey([0, 0, 0], out _));
        Assert.False(ControlRecords.TryReadKey([0xFF, 0xFF, 0, 0], out _));
    }

    [Fact]
    public void A_marker_carries_the_coordinators_epoch()
    {
        Assert.Equal([0, 0, 0, 0, 0, 7], ControlRecords.CreateMarkerValue(7));
        Assert.True(ControlRecords.TryReadMarkerValue([0, 0, 0, 0, 1, 0], out int epoch));
        Assert.Equal(256, epoch);
        Assert.False(ControlRecords.TryReadMarkerValue([0, 0, 0, 0, 1], out _));
    }

    [Fact]
    public void Metadata_log_records_come_back_in_their_version()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { IsControl = true });
        var directory = new Guid("00112233-4455-6677-8899-aabbccddeeff");
        ControlRecords.AppendLeaderChange(builder, 1, new LeaderChangeMessage
        {
            Version = 1,
            LeaderId = 3,
            Voters = [new LeaderChangeMessage.Voter { VoterId = 3, VoterDirectoryId = directory }],
        });
        ControlRecords.AppendSnapshotHeader(builder, 2, new SnapshotHeaderRecord { LastContainedLogTimestamp = 55 });
        ControlRecords.AppendKRaftVersion(builder, 3, new KRaftVersionRecord { KRaftVersion = 1 });
        ControlRecords.AppendKRaftVoters(builder, 4, new VotersRecord());
        ControlRecords.AppendSnapshotFooter(builder, 5, new SnapshotFooterRecord());
        ControlRecords.AppendMarker(builder, 6, isCommit: false, coordinatorEpoch: 9);
        Memory<byte> batch = builder.Build();

        List<(ControlRecordType Type, byte[] Value)> records = ReadAll(batch);
        Assert.Equal(
            [
                ControlRecordType.LeaderChange, ControlRecordType.SnapshotHeader, ControlRecordType.KRaftVersion,
                ControlRecordType.KRaftVoters, ControlRecordType.SnapshotFooter, ControlRecordType.Abort,
            ],
            records.Select(record => record.Type));
        Assert.True(ControlRecords.TryReadValue(records[0].Value, out LeaderChangeMessage? change));
        Assert.Equal((3, directory), (change.LeaderId, change.Voters[0].VoterDirectoryId));
        Assert.True(ControlRecords.TryReadValue(records[1].Value, out SnapshotHeaderRecord? header));
        Assert.Equal(55, header.LastContainedLogTimestamp);
        Assert.True(ControlRecords.TryReadMarkerValue(records[5].Value, out int epoch));
        Assert.Equal(9, epoch);
    }

    [Fact]
    public void Values_of_unknown_versions_or_cut_ones_are_not_read()
    {
        Assert.False(ControlRecords.TryReadValue((byte[])[0, 9, 0, 0], out SnapshotFooterRecord? _));
        Assert.False(ControlRecords.TryReadValue((byte[])[0, 0, 0, 0], out LeaderChangeMessage? _));
        Assert.False(ControlRecords.TryReadValue((byte[])[], out SnapshotFooterRecord? _));
    }

    private static List<(ControlRecordType Type, byte[] Value)> ReadAll(ReadOnlyMemory<byte> batch)
    {
        var records = new List<(ControlRecordType, byte[])>();
        RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header);
        Assert.True(header.IsControl);
        foreach (RecordView record in new RecordEnumerator(batch.Span[RecordBatchHeader.SizeInBytes..], header.RecordCount))
        {
            Assert.True(ControlRecords.TryReadKey(record.Key, out ControlRecordType type));
            records.Add((type, record.Value.ToArray()));
        }

        return records;
    }
}
