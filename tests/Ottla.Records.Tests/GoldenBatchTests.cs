using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Records.Tests;

public sealed class GoldenBatchTests
{
    private static readonly RecordBatchOptions Idempotent = new()
    {
        ProducerId = new ProducerId(4711),
        ProducerEpoch = 3,
        BaseSequence = 17,
    };

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public void Batches_of_the_Java_client_are_read(string codec)
    {
        byte[] batch = GoldenFile.Read("v2-" + codec);
        RecordBatchBuilderTests.AssertHolds(GoldenRecords.Create(magic: 2, codec != "none"), batch);
        BatchValidation validation = RecordBatchValidator.Validate(
            batch, new BatchValidationRules { Now = GoldenRecords.Time, ValidateCompressed = true });
        Assert.True(validation.IsValid && !validation.NeedsMaxTimestamp);
        Assert.Equal(1, validation.OffsetDeltaOfMaxTimestamp);
        Assert.Equal((4711L, (short)3, 17), (validation.Header.ProducerId, validation.Header.ProducerEpoch, validation.Header.BaseSequence));
    }

    [Fact]
    public void An_uncompressed_batch_is_built_byte_for_byte_as_the_Java_client_builds_it()
    {
        using var builder = new RecordBatchBuilder(Idempotent);
        AppendAll(builder);
        Assert.Equal(GoldenFile.Read("v2-none"), builder.Build().ToArray());
    }

    [Fact]
    public void A_transactional_batch_with_append_time_is_built_byte_for_byte()
    {
        using var builder = new RecordBatchBuilder(Idempotent with
        {
            BaseOffset = 5,
            LeaderEpoch = new LeaderEpoch(9),
            IsTransactional = true,
            LogAppendTime = GoldenRecords.Time + 1_000,
        });
        AppendAll(builder);
        Assert.Equal(GoldenFile.Read("v2-transactional-append-time"), builder.Build().ToArray());
    }

    [Theory]
    [InlineData("control-commit", true)]
    [InlineData("control-abort", false)]
    public void Transaction_markers_are_built_byte_for_byte(string name, bool isCommit)
    {
        using var builder = new RecordBatchBuilder(Idempotent with
        {
            BaseOffset = 12,
            BaseSequence = -1,
            LeaderEpoch = new LeaderEpoch(5),
            IsTransactional = true,
            IsControl = true,
        });
        ControlRecords.AppendMarker(builder, GoldenRecords.Time, isCommit, coordinatorEpoch: 21);
        Assert.Equal(GoldenFile.Read(name), builder.Build().ToArray());
    }

    [Fact]
    public void Control_records_of_the_metadata_log_are_built_byte_for_byte()
    {
        AssertControl("control-leader-change", 0, builder => ControlRecords.AppendLeaderChange(builder, GoldenRecords.Time, new LeaderChangeMessage
        {
            LeaderId = 3,
            Voters = [new LeaderChangeMessage.Voter { VoterId = 3 }],
        }));
        AssertControl("control-snapshot-header", 0, builder => ControlRecords.AppendSnapshotHeader(
            builder, GoldenRecords.Time, new SnapshotHeaderRecord { LastContainedLogTimestamp = GoldenRecords.Time - 1 }));
        AssertControl("control-snapshot-footer", 2, builder => ControlRecords.AppendSnapshotFooter(
            builder, GoldenRecords.Time, new SnapshotFooterRecord()));
        AssertControl("control-kraft-version", 1, builder => ControlRecords.AppendKRaftVersion(
            builder, GoldenRecords.Time, new KRaftVersionRecord { KRaftVersion = 1 }));
        AssertControl("control-kraft-voters", 1, builder => ControlRecords.AppendKRaftVoters(builder, GoldenRecords.Time, CreateVoters()));
    }

    private static VotersRecord CreateVoters() => new()
    {
        Voters =
        [
            new VotersRecord.Voter
            {
                VoterId = 3,
                VoterDirectoryId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
                Endpoints = [new VotersRecord.Endpoint { Name = "CONTROLLER", Host = "localhost", Port = 9093 }],
                KRaftVersionFeature = new VotersRecord.KRaftVersionFeature { MinSupportedVersion = 0, MaxSupportedVersion = 1 },
            },
        ],
    };

    private static void AssertControl(string name, long baseOffset, Action<RecordBatchBuilder> append)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            BaseOffset = baseOffset,
            LeaderEpoch = new LeaderEpoch(8),
            IsControl = true,
        });
        append(builder);
        Assert.Equal(GoldenFile.Read(name), builder.Build().ToArray());
    }

    private static void AppendAll(RecordBatchBuilder builder)
    {
        foreach (TestRecord record in GoldenRecords.Create(magic: 2, isCompressed: false))
        {
            builder.Append(record.Timestamp, record.Key, record.Value, record.Headers);
        }
    }
}
