using System.Text.RegularExpressions;
using Ottla.Tests.Processes;

namespace Ottla.Documentation.Tests;

/// <summary>The commands of the pages are run as they are printed, and print what the pages show.</summary>
public sealed partial class PageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The pages that show commands with their output.</summary>
    public static TheoryData<string> PagesWithCommands =>
        [.. Pages.Where(page => ShownCommand.Of(page, Lines(page)).Count > 0)];

    private static IEnumerable<string> Pages => Directory.EnumerateFiles(RepositoryRoot.Path, "*.md")
        .Concat(Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path))
        .Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public async Task A_page_shows_what_its_commands_print(string page)
    {
        await using PrivateNetwork network = await PrivateNetwork.CreateAsync(Cancellation);
        List<ChildProcess> brokers = [];
        try
        {
            foreach (ShownCommand command in ShownCommand.Of(page, Lines(page)))
            {
                string output = command.IsBroker ? await StartBrokerAsync(network, command, brokers) : await RunAsync(network, command);
                Assert.True(command.Shows(output), $"{command.Place}: {command.Text}\nshows\n{string.Join('\n', command.Output)}\nbut prints\n{output}");
            }
        }
        finally
        {
            foreach (ChildProcess broker in brokers)
            {
                await broker.DisposeAsync();
            }
        }
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        string[] broken = [.. from page in Pages
                              from link in Link().Matches(File.ReadAllText(RepositoryRoot.Combine(page))).Select(match => match.Groups[1].Value)
                              let target = Path.Combine(RepositoryRoot.Path, Path.GetDirectoryName(page) ?? string.Empty, link.Split('#')[0])
                              where link.Split('#')[0].Length > 0 && !File.Exists(target) && !Directory.Exists(target)
                              select $"{page} -> {link}"];

        Assert.Empty(broken);
    }

    [Fact]
    public void The_glossary_has_every_concept()
    {
        string glossary = File.ReadAllText(RepositoryRoot.Combine("docs", "glossary.md"));
        string[] concepts =
        [
            "topic", "partition", "segment", "offset", "leader", "follower", "replica", "broker", "node", "cluster", "producer", "consumer",
            "consumer group", "committed offset", "position", "high watermark", "log end offset", "log start offset", "ISR", "controller", "metadata log",
        ];

        Assert.All(concepts, concept => Assert.Matches($@"(?m)^\| (?:[\w -]+, )?{Regex.Escape(concept)} \|", glossary));
    }

    [Fact]
    public void A_shown_output_with_a_changed_word_does_not_pass()
    {
        ShownCommand command = new("page:1", "x", ["first … line", "…", "last"]);

        Assert.True(command.Shows("first of many line\na\nb\nlast\n"));
        Assert.True(command.Shows("first  line\nlast\n"));
        Assert.False(command.Shows("first of many lines\nlast\n"));
        Assert.False(command.Shows("first of many line\nlast\nmore\n"));
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)\s]+)\)")]
    private static partial Regex Link();

    private static string[] Lines(string page) => File.ReadAllLines(RepositoryRoot.Combine(page));

    private static async Task<string> StartBrokerAsync(PrivateNetwork network, ShownCommand command, List<ChildProcess> brokers)
    {
        ChildProcess broker = ChildProcess.Start(network.Command($"exec {command.Text}"));
        brokers.Add(broker);
        await broker.WaitForLineAsync("ready", TimeSpan.FromSeconds(180), Cancellation);
        return broker.OutputSoFar;
    }

    private static async Task<string> RunAsync(PrivateNetwork network, ShownCommand command) =>
        (await ChildProcess.RunAsync(network.Command(command.Text), Cancellation)).ExpectExitCode(0).Output;
}
