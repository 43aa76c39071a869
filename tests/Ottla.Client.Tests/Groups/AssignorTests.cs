using CsCheck;
using Ottla.Client.Groups.Assignment;
using Ottla.Protocol;

namespace Ottla.Client.Tests.Groups;

public sealed class AssignorTests
{
    private static readonly IPartitionAssignor[] Assignors = [new RangeAssignor(), new RoundRobinAssignor(), new CooperativeStickyAssignor()];

    [Fact]
    public void Range_gives_neighbours_and_the_first_members_one_more()
    {
        IReadOnlyDictionary<string, List<TopicPartition>> shares =
            new RangeAssignor().Assign([Member("b", "t"), Member("a", "t"), Member("c", "t")], Counts(("t", 7)));
        Assert.Equal([0, 1, 2], Numbers(shares["a"]));
        Assert.Equal([3, 4], Numbers(shares["b"]));
        Assert.Equal([5, 6], Numbers(shares["c"]));
    }

    [Fact]
    public void Round_robin_goes_on_across_topics_and_skips_who_does_not_want_one()
    {
        IReadOnlyDictionary<string, List<TopicPartition>> shares =
            new RoundRobinAssignor().Assign([Member("a", "t", "u"), Member("b", "u")], Counts(("t", 2), ("u", 2)));
        Assert.Equal(["t-0", "t-1", "u-1"], shares["a"].Select(partition => partition.ToString()));
        Assert.Equal(["u-0"], shares["b"].Select(partition => partition.ToString()));
    }

    [Fact]
    public void A_partition_that_somebody_holds_is_given_to_nobody_else_before_it_is_let_go()
    {
        var assignor = new CooperativeStickyAssignor();
        AssignmentMember owner = Member("a", "t") with { Owned = [Partition("t", 0), Partition("t", 1)], Generation = 1 };
        IReadOnlyDictionary<string, List<TopicPartition>> shares = assignor.Assign([owner, Member("b", "t")], Counts(("t", 2)));
        Assert.Single(shares["a"]);
        Assert.Empty(shares["b"]);
    }

    [Fact]
    public void An_owner_of_an_older_generation_has_lost_what_a_newer_one_claims()
    {
        AssignmentMember old = Member("a", "t") with { Owned = [Partition("t", 0)], Generation = 1 };
        AssignmentMember current = Member("b", "t") with { Owned = [Partition("t", 0)], Generation = 2 };
        IReadOnlyDictionary<string, List<TopicPartition>> shares = new CooperativeStickyAssignor().Assign([old, current], Counts(("t", 1)));
        Assert.Empty(shares["a"]);
        Assert.Equal([0], Numbers(shares["b"]));
    }

    [Fact]
    public void Every_assignor_gives_each_wanted_partition_to_exactly_one_member_that_wants_it()
    {
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[1, 63])
            .Sample((memberCount, firstCount, secondCount, wishes) =>
            {
                List<AssignmentMember> members =
                    [.. Enumerable.Range(0, memberCount).Select(index => (wishes >> index & 1) == 1 ? Member($"m{index}", "t", "u") : Member($"m{index}", "t"))];
                Dictionary<string, int> counts = Counts(("t", firstCount), ("u", secondCount));
                foreach (IPartitionAssignor assignor in Assignors)
                {
                    IReadOnlyDictionary<string, List<TopicPartition>> shares = assignor.Assign(members, counts);
                    bool someWantSecond = members.Exists(member => member.Topics.Contains("u"));
                    List<TopicPartition> given = [.. shares.Values.SelectMany(share => share)];
                    Assert.Equal(given.Count, given.Distinct().Count());
                    Assert.Equal(firstCount + (someWantSecond ? secondCount : 0), given.Count);
                    Assert.All(members, member => Assert.All(shares[member.MemberId], partition => Assert.Contains(partition.Topic, member.Topics)));
                }
            });
    }

    [Fact]
    public void Cooperative_rebalances_end_balanced_and_move_no_more_than_they_must()
    {
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 20], Gen.Int[1, 5]).Sample((before, partitions, after) =>
        {
            var assignor = new CooperativeStickyAssignor();
            Dictionary<string, int> counts = Counts(("t", partitions));
            Dictionary<string, List<TopicPartition>> held = Converge(assignor, before, counts, []);
            Dictionary<string, List<TopicPartition>> settled = Converge(assignor, after, counts, held);
            Assert.Equal(partitions, settled.Values.Sum(share => share.Count));
            Assert.True(settled.Values.Max(share => share.Count) - settled.Values.Min(share => share.Count) <= 1);
            if (before == after)
            {
                Assert.All(held, share => Assert.Equal(share.Value, settled[share.Key]));
            }
        });
    }

    private static Dictionary<string, List<TopicPartition>> Converge(
        CooperativeStickyAssignor assignor, int memberCount, Dictionary<string, int> counts, Dictionary<string, List<TopicPartition>> held)
    {
        for (int generation = 1; generation <= 3; generation++)
        {
            List<AssignmentMember> members =
            [
                .. Enumerable.Range(0, memberCount).Select(index => Member($"m{index}", "t") with
                {
                    Owned = held.GetValueOrDefault($"m{index}", []),
                    Generation = generation,
                }),
            ];
            held = assignor.Assign(members, counts).ToDictionary();
        }

        return held;
    }

    private static AssignmentMember Member(string id, params string[] topics) => new(id, null, topics, [], -1);

    private static TopicPartition Partition(string topic, int number) => new(topic, new PartitionId(number));

    private static Dictionary<string, int> Counts(params (string Topic, int Count)[] topics) => topics.ToDictionary(pair => pair.Topic, pair => pair.Count);

    private static IEnumerable<int> Numbers(IEnumerable<TopicPartition> partitions) => partitions.Select(partition => partition.Partition.Value);
}
