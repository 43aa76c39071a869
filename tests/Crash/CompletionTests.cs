using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>The completion scripts, loaded by the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    // What bash, which has no command for it, does on the tab key: it takes the line apart and calls the function with command and word.
    private const string Bash = """
        source <(./ottla completion bash) && complete -p ottla >/dev/null
        COMP_LINE=$1 COMP_POINT=${#1}
        _ottla "${1%% *}" "${1##* }"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    // A terminal of its own, since only there zsh has an editor: the second tab lists, the mark shows where the list ends.
    private const string Zsh = """
        zmodload zsh/zpty
        zpty shell 'TERM=dumb PS1= zsh -f -i'
        zpty -w shell 'stty -echo; autoload -Uz compinit && compinit -u -D; source <(./ottla completion zsh); LISTMAX=1000; setopt no_beep; print rea""dy'
        zpty -r shell text '*ready*'
        zpty -w -n shell "$1"$'\t\t'
        zpty -r -t shell text
        zpty -r shell text "*$2*"
        print -r -- "$text"
        zpty -d shell
        """;

    private readonly TemporaryFolder _folder = new("completion");

    public CompletionTests()
    {
        File.CreateSymbolicLink(_folder.Combine("ottla"), BrokerProcess.OttlaProgram);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("./ottla top", "topic")]
    [InlineData("./ottla topic ", "add-partitions")]
    [InlineData("./ottla topic list --output j", "json")]
    [InlineData("./ottla config explain log.retention.m", "log.retention.ms")]
    [InlineData("~/ottla group re", "reset")]
    public async Task Bash_completes_the_words_of_a_command(string line, string expected)
    {
        CommandResult result = await RunAsync("bash", "--norc", "-c", Bash, "bash", line);

        Assert.Contains(expected, result.Lines);
        Assert.All(result.Lines, word => Assert.StartsWith(line.Split(' ')[^1], word, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("./ottla top", "topic")]
    [InlineData("./ottla topic ", "add-partitions")]
    [InlineData("./ottla topic list --output j", "json")]
    [InlineData("./ottla config explain log.retention.m", "log.retention.ms")]
    public async Task Fish_completes_the_words_of_a_command(string line, string expected)
    {
        CommandResult result = await RunAsync("fish", "--no-config", "-c", "./ottla completion fish | source; complete -C $argv[1]", line);

        Assert.Contains(expected, result.Lines.Select(completion => completion.Split('\t')[0]));
    }

    [Theory]
    [InlineData("./ottla topic ", "add-partitions")]
    [InlineData("./ottla config explain log.retention.m", "log.retention.ms")]
    public async Task Zsh_completes_the_words_of_a_command(string line, string expected)
    {
        CommandResult result = await RunAsync("zsh", "-f", "-c", Zsh, "zsh", line, expected);

        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    private async Task<CommandResult> RunAsync(string shell, params string[] arguments) => (await ChildProcess.RunAsync(
        new CommandLine(shell, arguments)
        {
            WorkingFolder = _folder.Path,
            Environment = new Dictionary<string, string?> { ["HOME"] = _folder.Path },
            Timeout = TimeSpan.FromSeconds(30),
        },
        TestContext.Current.CancellationToken)).ExpectExitCode(0);
}
