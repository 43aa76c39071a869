using System.Text;
using CsCheck;
using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Protocol;

namespace Ottla.Core.Tests.Groups;

public sealed class GroupReplayTests
{
    private static readonly Gen<(int Action, int Client, int Time)[]> Runs =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 12_000]).Array[1, 80];

    [Fact]
    public void What_is_stored_is_the_state_whenever_the_group_is_at_rest() => Runs.Sample(run =>
    {
        var scenario = new GroupScenario();
        foreach ((int action, int client, int time) in run)
        {
            Step(scenario, action, client, time);
            GroupStateMachine replayed = scenario.Replay();
            Assert.Equal(scenario.Machine.FindOffset(GroupScenario.GroupId, "t", 0), replayed.FindOffset(GroupScenario.GroupId, "t", 0));
            Assert.Equal(scenario.Machine.Groups.Keys, replayed.Groups.Keys);
            if (scenario.Machine.Groups.TryGetValue(GroupScenario.GroupId, out ClassicGroup? group)
                && group.State is ClassicGroupState.Stable or ClassicGroupState.Empty)
            {
                Assert.Equal(DurableText.Of(replayed.Groups[GroupScenario.GroupId]), DurableText.Of(group!)); // not null: found
            }
        }
    });

    [Fact]
    public void The_same_run_gives_the_same_bytes() => Runs.Sample(run => Assert.Equal(Trace(run), Trace(run)));

    private static string Trace((int Action, int Client, int Time)[] run)
    {
        var scenario = new GroupScenario();
        foreach ((int action, int client, int time) in run)
        {
            Step(scenario, action, client, time);
        }

        var text = new StringBuilder();
        foreach (GroupRecord record in scenario.Log)
        {
            text.AppendLine(Convert.ToHexString(GroupRecordFormat.WriteKey(record).Span));
            text.AppendLine(GroupRecordFormat.WriteValue(record) is { } value ? Convert.ToHexString(value.Span) : "-");
        }

        foreach (Reply<IMessage> reply in scenario.Replies)
        {
            short version = reply.Answer is Ottla.Protocol.Messages.JoinGroupResponse ? (short)9 : (short)4;
            text.AppendLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reply.Token.Value} {Hex(reply.Answer, version)}"));
        }

        return text.ToString();
    }

    private static void Step(GroupScenario scenario, int action, int client, int time)
    {
        ClassicGroup? group = scenario.Machine.Groups.GetValueOrDefault(GroupScenario.GroupId);
        string[] members = [.. group?.Members.Keys ?? []];
        string member = members.Length > 0 ? members[client % members.Length] : "";
        string pending = group is { PendingMembers.IsEmpty: false } ? group.PendingMembers.Keys.First() : "";
        int generation = group?.GenerationId ?? -1;
        switch (action)
        {
            case 0:
                scenario.SendJoin("");
                break;
            case 1:
                scenario.SendJoin(pending);
                break;
            case 2:
                scenario.SendJoin("", instanceId: $"i{client}");
                break;
            case 3:
                scenario.SendJoin(member, instanceId: group?.Members.GetValueOrDefault(member)?.GroupInstanceId, metadata: (byte)client);
                break;
            case 4:
                scenario.SendSync(member, generation, [.. members.Select((id, i) => (id, (byte)i))]);
                break;
            case 5:
                scenario.Heartbeat(member, generation);
                break;
            case 6:
                scenario.Leave((member, null));
                break;
            case 7:
                scenario.Commit(time, member, members.Length > 0 ? generation : -1);
                break;
            case 8:
                scenario.Advance(time);
                break;
            default:
                scenario.Restart();
                break;
        }
    }

    private static string Hex(IMessage message, short version)
    {
        if (message is Ottla.Protocol.Messages.JoinGroupResponse { ProtocolName: null } join)
        {
            join.ProtocolName = "";
        }

        var size = new MessageSize();
        message.Measure(ref size, version);
        byte[] bytes = new byte[size.Total];
        var writer = new ProtocolWriter(bytes);
        message.Write(ref writer, version);
        return Convert.ToHexString(bytes);
    }
}
