using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Core.Configuration;

namespace Ottla.Cli.Serving;

/// <summary>
/// Where a broker's settings come from. Later ones win: the command's own defaults, the file, the environment, <c>--set</c>, then options
/// of their own.
/// </summary>
internal sealed record ServerSettings
{
    /// <summary>What the command prefers to Kafka's defaults.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Defaults { get; init; } = [];

    /// <summary>The text of a <c>server.properties</c>, or null.</summary>
    public string? FileText { get; init; }

    /// <summary>The process's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--set KEY=VALUE</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary><c>--data-dir</c>, or null.</summary>
    public string? DataDirectory { get; init; }

    /// <summary><c>--listener</c>, or none.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary><c>--http</c>, or null.</summary>
    public string? HttpListener { get; init; }

    /// <summary>All settings in order of precedence, lowest first.</summary>
    /// <exception cref="UsageException">An option cannot be read.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Collect()
    {
        var settings = new List<KeyValuePair<string, string>>(Defaults);
        if (FileText is not null)
        {
            settings.AddRange(PropertiesText.Parse(FileText));
        }

        foreach ((string variable, string value) in Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (EnvironmentNames.ToKey(variable) is { } key)
            {
                settings.Add(KeyValuePair.Create(key, value));
            }
        }

        settings.AddRange(KeyValueText.ParseAll("--set", Sets));
        if (DataDirectory is { } directory)
        {
            // log.dirs would win over log.dir, so the option sets the one that wins.
            settings.Add(KeyValuePair.Create(IdentityKeys.LogDirs.Name, directory));
        }

        if (Listeners.Count > 0)
        {
            settings.Add(KeyValuePair.Create(NetworkKeys.Listeners.Name, string.Join(',', Listeners.Select(WithScheme))));
        }

        if (HttpListener is { } http)
        {
            settings.Add(KeyValuePair.Create(IdentityKeys.OttlaHttpListener.Name, http));
        }

        return settings;
    }

    private static string WithScheme(string listener) =>
        listener.Contains("://", StringComparison.Ordinal) ? listener : $"PLAINTEXT://{listener}";
}
