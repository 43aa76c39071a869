using Ottla.Tests.Processes;

namespace Ottla.Launcher.Tests;

/// <summary>
/// A small tree with the real launcher in it and a stand-in for dotnet, so that a "publish" takes milliseconds: it writes a
/// shell script as the published file, and counts how often it was called.
/// </summary>
internal sealed class LauncherScenario : IDisposable
{
    private const string StandInForDotnet = """
        #!/bin/sh
        [ "$1" = --version ] && { echo 10.0.100; exit 0; }
        # The real one takes longer than a tick of the file system's clock to look at its first source.
        sleep 0.03
        echo "$*" >>"$OTTLA_TEST_LOG"
        [ -n "${OTTLA_TEST_FAILURE:-}" ] && { echo "$OTTLA_TEST_FAILURE"; exit 1; }
        while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
        sleep "${OTTLA_TEST_PUBLISH_SECONDS:-0}"
        {
            echo '#!/bin/sh'
            echo 'case $1 in'
            echo 'pid) echo $$ ;;'
            echo 'jit) echo "jit=${OTTLA_JIT-removed}" ;;'
            echo 'input) cat ;;'
            echo 'arguments) for a in "$@"; do echo "[$a]"; done ;;'
            echo 'exit) exit $2 ;;'
            echo 'serve) trap "echo stopped; exit 7" TERM; echo serving; while :; do sleep 0.02; done ;;'
            echo 'esac'
        } >"$out/ottla.partial"
        chmod +x "$out/ottla.partial"
        mv "$out/ottla.partial" "$out/ottla"
        """;

    private readonly TemporaryFolder _folder = new("launcher");

    public LauncherScenario()
    {
        Directory.CreateDirectory(_folder.Combine("tree/src/Operations/Ottla.Cli"));
        Directory.CreateDirectory(_folder.Combine("tools"));
        File.Copy(RepositoryRoot.Combine("ottla"), Launcher);
        foreach (string name in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", "src/Operations/Ottla.Cli/Ottla.Cli.csproj", "src/Operations/Ottla.Cli/Program.cs"])
        {
            File.WriteAllText(Source(name), name);
        }

        AddTool("dotnet", StandInForDotnet);
        AddTool("gcc", "#!/bin/sh\n");
    }

    public string Launcher => _folder.Combine("tree/ottla");

    public string Folder => _folder.Path;

    public int PublishCount => File.Exists(PublishLog) ? File.ReadAllLines(PublishLog).Length : 0;

    public string LastPublish => File.ReadAllLines(PublishLog)[^1];

    public bool HasLinker { get; set; } = true;

    public bool HasSdk { get; set; } = true;

    public Dictionary<string, string?> Environment { get; } = [];

    private string PublishLog => _folder.Combine("publish.calls");

    public string Source(string name) => _folder.Combine("tree", name);

    public CommandLine Command(params string[] arguments)
    {
        // A PATH of links to exactly the tools that a bare machine has, so that missing ones are really missing.
        string path = _folder.Combine($"path-{HasLinker}-{HasSdk}");
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            string[] system = ["sh", "find", "readlink", "mktemp", "mkdir", "chmod", "ln", "mv", "rm", "flock", "setsid", "grep", "sort", "head", "sleep", "cat", "kill", "dirname"];
            string[] own = [.. HasLinker ? ["gcc"] : Array.Empty<string>(), .. HasSdk ? ["dotnet"] : Array.Empty<string>()];
            foreach (string tool in system)
            {
                File.CreateSymbolicLink(Path.Combine(path, tool), File.Exists($"/usr/bin/{tool}") ? $"/usr/bin/{tool}" : $"/bin/{tool}");
            }

            foreach (string tool in own)
            {
                File.CreateSymbolicLink(Path.Combine(path, tool), _folder.Combine("tools", tool));
            }
        }

        Dictionary<string, string?> environment = new(Environment)
        {
            ["PATH"] = path,
            ["OTTLA_TEST_LOG"] = PublishLog,
            ["DOTNET_ROOT"] = Path.Combine(path, "no-sdk-here"),
        };
        return new CommandLine(Launcher, arguments) { Environment = environment, WorkingFolder = "/" };
    }

    public Task<CommandResult> RunAsync(params string[] arguments) =>
        ChildProcess.RunAsync(Command(arguments), TestContext.Current.CancellationToken);

    /// <summary>Gives a source a time that is certainly after the last publishing, whatever the file system's resolution.</summary>
    public void Touch(string name) => File.SetLastWriteTimeUtc(Source(name), DateTime.UtcNow.AddSeconds(5));

    public void Dispose() => _folder.Dispose();

    private void AddTool(string name, string script)
    {
        string path = _folder.Combine("tools", name);
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
