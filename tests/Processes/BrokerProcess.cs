namespace Ottla.Tests.Processes;

/// <summary>
/// A broker as users run it: the published file as a process of its own, with its data in a folder of its own. It can be killed and
/// started again on the same port and data. Not thread-safe.
/// </summary>
public sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new("broker");
    private readonly BrokerKind _kind;
    private readonly string[] _settings;
    private int? _mostMebibytes;
    private ChildProcess? _process;

    private BrokerProcess(BrokerKind kind, string[] settings, string? dataFolder)
    {
        _kind = kind;
        _settings = settings;
        Port = FreePort.Find();
        DataFolder = dataFolder ?? (kind == BrokerKind.Kafka ? _folder.Combine("data", "data") : _folder.Combine("data"));
    }

    /// <summary>The port of its only listener, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What clients connect to.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The folder of its logs.</summary>
    public string DataFolder { get; }

    /// <summary>The process id of the running broker.</summary>
    public int ProcessId => Process.Id;

    /// <summary>What the broker has written until now.</summary>
    public string Output => Process.OutputSoFar + Process.ErrorSoFar;

    private ChildProcess Process => _process ?? throw new InvalidOperationException("The broker does not run");

    /// <summary>The kind that OTTLA_CONFORMANCE_TARGET asks for; Ottla without it.</summary>
    public static BrokerKind KindOfThisRun =>
        Environment.GetEnvironmentVariable("OTTLA_CONFORMANCE_TARGET") == "kafka" ? BrokerKind.Kafka : BrokerKind.Ottla;

    /// <summary>The file that ships: OTTLA_BINARY, or the launcher, which publishes it first.</summary>
    public static string OttlaProgram => Environment.GetEnvironmentVariable("OTTLA_BINARY") ?? RepositoryRoot.Combine("ottla");

    /// <summary>The reference's start script beside the repository; null where it, or Java, is missing.</summary>
    public static string? KafkaProgram
    {
        get
        {
            string program = RepositoryRoot.Combine("..", "shared", "kafka", "kafka");
            bool hasJava = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Combine(folder, "java")));
            return File.Exists(program) && hasJava ? program : null;
        }
    }

    /// <summary>Starts a fresh broker.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="settings">Configuration, each <c>name=value</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<BrokerProcess> StartAsync(BrokerKind kind, string[] settings, CancellationToken cancellationToken) =>
        StartAsync(new BrokerProcess(kind, settings, null), cancellationToken);

    /// <summary>Starts a fresh Ottla whose heap may not grow beyond a limit, as in a small container.</summary>
    public static Task<BrokerProcess> StartWithinAsync(int mebibytes, string[] settings, CancellationToken cancellationToken) =>
        StartAsync(new BrokerProcess(BrokerKind.Ottla, settings, null) { _mostMebibytes = mebibytes }, cancellationToken);

    /// <summary>Starts Ottla on a data folder of the caller's.</summary>
    public static Task<BrokerProcess> StartInAsync(string dataFolder, string[] settings, CancellationToken cancellationToken) =>
        StartAsync(new BrokerProcess(BrokerKind.Ottla, settings, dataFolder), cancellationToken);

    private static async Task<BrokerProcess> StartAsync(BrokerProcess broker, CancellationToken cancellationToken)
    {
        try
        {
            await broker.StartAgainAsync(cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the data and the port that it had, and waits until it serves.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        StartWithoutWaiting();
        await Process.WaitForLineAsync("ready", StartLimit, cancellationToken);
    }

    /// <summary>Starts it on the data and the port that it had, for a test that ends it before it serves.</summary>
    public void StartWithoutWaiting() => _process = ChildProcess.Start(_kind == BrokerKind.Kafka ? KafkaCommand() : OttlaCommand());

    /// <summary>Kills it as a crash would: no handler runs.</summary>
    public async Task KillAsync()
    {
        Process.KillGroup();
        await Process.DisposeAsync();
        _process = null;
    }

    /// <summary>Asks it to stop and returns what it left.</summary>
    public async Task<CommandResult> StopAsync(CancellationToken cancellationToken)
    {
        Process.RequestStop();
        CommandResult result = await Process.WaitForExitAsync(StopLimit, cancellationToken);
        await Process.DisposeAsync();
        _process = null;
        return result;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private CommandLine OttlaCommand() => new(
        OttlaProgram,
        ["server", "start", "--data-dir", DataFolder, "--listener", $"PLAINTEXT://{Address}", .. _settings.SelectMany(setting => (string[])["--set", setting])])
    {
        Environment = _mostMebibytes is { } most
            ? new Dictionary<string, string?> { ["DOTNET_GCHeapHardLimit"] = ((long)most << 20).ToString("X", System.Globalization.CultureInfo.InvariantCulture) }
            : [],
    };

    private CommandLine KafkaCommand() => new(
        KafkaProgram ?? throw new InvalidOperationException("Apache Kafka is not there"),
        ["start", _folder.Combine("data"), Port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. _settings])
    {
        // It does not live long enough for the optimizing compiler to pay.
        Environment = new Dictionary<string, string?> { ["KAFKA_HEAP"] = "512m", ["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1" },
    };
}
