using System.Text;
using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Storage.Tests.Support;

namespace Ottla.Coordination.Tests.Metadata;

public sealed class QuorumStateTests
{
    private readonly SimulatedDisk _disk = new();

    public QuorumStateTests() => _disk.CreateDirectory("/log");

    [Fact]
    public void Version_0_is_written_as_Kafka_writes_it()
    {
        new QuorumState { LeaderId = 1, LeaderEpoch = 1, Voters = [1] }.Write(_disk, "/log");

        Assert.Equal(
            """{"clusterId":"","leaderId":1,"leaderEpoch":1,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}""",
            Encoding.UTF8.GetString(_disk.Content("/log/quorum-state")));
    }

    [Fact]
    public void Version_1_is_read_as_Kafka_writes_it()
    {
        const string Text = """{"leaderId":3,"leaderEpoch":12,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}""";
        _disk.Open("/log/quorum-state", Storage.Files.FileOpening.CreateEmpty).Dispose();
        _disk.SetContent("/log/quorum-state", Encoding.UTF8.GetBytes(Text));

        QuorumState state = QuorumState.Read(_disk, "/log")!; // The file is there.
        Assert.Equal((3, 12, true), (state.LeaderId, state.LeaderEpoch, state.Voters is null));
        state.Write(_disk, "/log");
        Assert.Equal(Text, Encoding.UTF8.GetString(_disk.Content("/log/quorum-state")));
    }

    [Fact]
    public void Where_there_is_no_file_there_is_no_state() => Assert.Null(QuorumState.Read(_disk, "/log"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"leaderId":1,"leaderEpoch":1,"votedId":-1,"data_version":7}""")]
    [InlineData("""{"leaderId":"one","leaderEpoch":1,"votedId":-1,"data_version":0}""")]
    [InlineData("""{"leaderId":1,"leaderEpoch":99999999999,"votedId":-1,"data_version":0}""")]
    public void A_damaged_file_is_refused(string text)
    {
        _disk.SetContent("/log/quorum-state", Encoding.UTF8.GetBytes(text));

        InvalidMetadataException exception = Assert.Throws<InvalidMetadataException>(() => QuorumState.Read(_disk, "/log"));
        Assert.Contains("/log/quorum-state", exception.Message, StringComparison.Ordinal);
    }
}
