using Ottla.Transport.Links;

namespace Ottla.Crash.Tests;

/// <summary>
/// One client that changes its own topics at random, one request after the other, and knows what each of them is: after a crash either
/// what it was before the request that got no answer, or what that request made of it.
/// </summary>
internal sealed class TopicChanger(string prefix, Random random)
{
    private const int Names = 6, MostPartitions = 5;

    private static readonly string[] Keys = ["retention.ms", "max.message.bytes", "segment.bytes", "flush.ms", "index.interval.bytes"];

    private readonly Dictionary<string, TopicState> _topics = [];

    // By name, what the request without an answer makes of the topic; null for no topic.
    private readonly Dictionary<string, TopicState?> _unanswered = [];

    public int Acknowledged { get; private set; }

    public int Unanswered { get; private set; }

    /// <summary>Sends requests until the broker is gone, and tells of each answer.</summary>
    public async Task ChangeAsync(int port, Action whenAnswered)
    {
        try
        {
            await using AdminLink link = await AdminLink.ConnectAsync(port);
            while (true)
            {
                await ChangeOnceAsync(link);
                foreach ((string name, TopicState? state) in _unanswered)
                {
                    Keep(name, state);
                }

                _unanswered.Clear();
                Acknowledged++;
                whenAnswered();
            }
        }
        catch (Exception exception) when (exception is LinkException or System.Net.Sockets.SocketException)
        {
            Unanswered += _unanswered.Count;
        }
    }

    /// <summary>Compares with what a broker says after a crash, and goes on from there.</summary>
    public void AssertIsOneOfBoth(IReadOnlyDictionary<string, (Guid Id, TopicState State)> described, string reproduce)
    {
        foreach (string name in AllNames)
        {
            TopicState? found = described.TryGetValue(name, out (Guid Id, TopicState State) topic) ? topic.State : null;
            TopicState? known = _topics.GetValueOrDefault(name);
            bool isExpected = Equals(found, known) || (_unanswered.TryGetValue(name, out TopicState? perhaps) && Equals(found, perhaps));
            Assert.True(isExpected, $"{name} is {Told(found)}, was {Told(known)}{(_unanswered.TryGetValue(name, out TopicState? asked) ? $" and was to be {Told(asked)}" : "")}; {reproduce}");
            Keep(name, found);
        }

        _unanswered.Clear();
    }

    private IEnumerable<string> AllNames => Enumerable.Range(0, Names).Select(number => $"{prefix}-{number}");

    private static string Told(TopicState? state) => state?.ToString() ?? "no topic";

    private void Keep(string name, TopicState? state)
    {
        if (state is null)
        {
            _topics.Remove(name);
        }
        else
        {
            _topics[name] = state;
        }
    }

    private Task ChangeOnceAsync(AdminLink link)
    {
        string name = $"{prefix}-{random.Next(Names)}";
        if (!_topics.TryGetValue(name, out TopicState? state))
        {
            return CreateAsync(link);
        }

        switch (random.Next(8))
        {
            case 0 or 1:
                _unanswered[name] = null;
                return link.DeleteTopicAsync(name);
            case 2 when state.PartitionCount < MostPartitions:
                TopicState grown = state.WithPartitions(random.Next(state.PartitionCount, MostPartitions) + 1);
                _unanswered[name] = grown;
                return link.CreatePartitionsAsync(name, grown.PartitionCount);
            case 3 or 4:
                int partition = random.Next(state.PartitionCount);
                _unanswered[name] = state.WithRecordIn(partition);
                return link.ProduceAsync(name, partition);
            default:
                (string Name, string? Value)[] changes = [.. Some(Keys).Select(key => (key, random.Next(3) == 0 ? null : NextValue()))];
                _unanswered[name] = state.WithConfigs(changes);
                return link.AlterConfigsAsync(name, changes);
        }
    }

    // All that do not exist, or some of them, in one request.
    private Task CreateAsync(AdminLink link)
    {
        (string Name, TopicState State)[] topics = [.. Some([.. AllNames.Where(name => !_topics.ContainsKey(name))])
            .Select(name => (name, TopicState.Of(random.Next(1, MostPartitions)).WithConfigs(Some(Keys).Select(key => (key, (string?)NextValue())))))];
        foreach ((string name, TopicState state) in topics)
        {
            _unanswered[name] = state;
        }

        return link.CreateTopicsAsync(topics);
    }

    private string[] Some(string[] from) => [.. random.GetItems(from, random.Next(1, from.Length + 1)).Distinct()];

    private string NextValue() => $"{random.Next(1 << 20, int.MaxValue)}";
}
