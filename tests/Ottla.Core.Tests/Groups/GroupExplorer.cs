using System.Globalization;
using System.Text;
using Ottla.Core.Groups;
using Ottla.Core.Groups.Classic;
using Ottla.Core.Groups.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Groups;

/// <summary>
/// Walks every interleaving of a few consumers, breadth first and without visiting a state twice: they join, sync, beat, leave, crash and
/// repeat themselves, answers get lost, timers fire. Each step goes through the machine by its own rules, and each state is checked.
/// </summary>
internal sealed class GroupExplorer(int clients, bool areStatic, short joinVersion)
{
    private static readonly GroupOptions Options = new() { InitialRebalanceDelayMilliseconds = 1_000 };

    public int StateCount { get; private set; }

    /// <summary>Explores all states that are at most <paramref name="depth"/> steps away from the beginning.</summary>
    public void Explore(int depth)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var frontier = new List<ExploredState> { new(Options, clients, areStatic, joinVersion) };
        for (int level = 0; level < depth && frontier.Count > 0; level++)
        {
            var next = new List<ExploredState>();
            foreach (ExploredState successor in frontier.SelectMany(state => state.Successors()))
            {
                if (seen.Add(successor.Fingerprint()))
                {
                    successor.Check();
                    next.Add(successor);
                }
            }

            frontier = next;
        }

        StateCount = seen.Count;
    }
}
