using System.Text;

namespace Ottla.Core.Configuration;

/// <summary>Writes the tables of keys as a page for people.</summary>
public static class ConfigurationReference
{
    /// <summary>The whole page, in Markdown.</summary>
    public static string ToMarkdown()
    {
        StringBuilder page = new();
        page.Append("""
            # Configuration keys

            This page is generated from the tables in `src/Core/Ottla.Core/Configuration`; a test fails when it is stale.

            Keys come, later ones winning, from a file in the format of Apache Kafka's `server.properties` (`--config FILE`), from environment
            variables (`OTTLA_` and the key in upper case with `_` for a dot, `__` for an underscore, `___` for a hyphen) and from
            `--set KEY=VALUE`. `ottla config explain KEY` tells what is below about one key. A wrong value or an unknown key is an error that
            names the key, the value and what is allowed.

            Ottla's defaults are Apache Kafka's, but for these: `listeners` binds to the loopback interface only; `log.dir` is a folder of
            Ottla's own; `node.id` need not be given and is then 1; `socket.send.buffer.bytes` and `socket.receive.buffer.bytes` are applied
            only when they are set, because a fixed buffer switches off the system's own tuning; `queued.max.request.bytes` of -1 is no
            licence to use all memory.

            ## Broker keys


            """);
        AppendKeys(page, BrokerKeys.All);
        page.Append("\n## Topic keys\n\n");
        AppendKeys(page, TopicKeys.All);
        page.Append("""

            ## Keys without effect

            Keys of Apache Kafka that have no meaning here are accepted: one warning at start says that they have no effect, and
            DescribeConfigs leaves them out. On topics they are kept, so that they count when they come to have a meaning.


            """);
        page.Append("Broker: ").AppendJoin(", ", AcceptedKeys.Broker.Select(name => $"`{name}`")).Append(".\n\n");
        page.Append("Topic: ").AppendJoin(", ", AcceptedKeys.Topic.Select(name => $"`{name}`")).Append(".\n");
        page.Append("""

            ## Keys that are refused

            For what Ottla does not do yet and must not seem to do, a value is an error:

            """);
        page.AppendJoin(", ", RefusedKeys.Broker.Keys.Concat(RefusedKeys.Topic.Keys).Select(name => $"`{name}`")).Append(".\n");
        return page.ToString();
    }

    /// <summary>What there is to know about a key: two answers where broker and topic have one of that name, none where nobody has.</summary>
    public static IReadOnlyList<KeyExplanation> Explain(string name)
    {
        ConfigurationKey? ofBroker = BrokerKeys.Find(name);
        ConfigurationKey? ofTopic = TopicKeys.Find(name);
        if (ofBroker is not null || ofTopic is not null)
        {
            return
            [
                .. ofBroker is null ? [] : (KeyExplanation[])[Explain(ofBroker, "broker", ModeName(ofBroker))],
                .. ofTopic is null ? [] : (KeyExplanation[])[Explain(ofTopic, "topic", "at run time")],
            ];
        }

        if (RefusedKeys.Broker.ContainsKey(name) || RefusedKeys.Topic.ContainsKey(name))
        {
            return [new KeyExplanation { Name = name, Documentation = "A key of Apache Kafka for what Ottla does not do yet; a value is an error." }];
        }

        return AcceptedKeys.IsAcceptedByBroker(name) || AcceptedKeys.Topic.Contains(name)
            ? [new KeyExplanation { Name = name, Documentation = AcceptedKeys.NoEffect }]
            : [];
    }

    private static KeyExplanation Explain(ConfigurationKey key, string scope, string changes) => new()
    {
        Name = key.Name,
        Scope = scope,
        Documentation = key.Documentation,
        Type = TypeName(key),
        Default = key.DefaultText,
        Allowed = key.Allowed,
        Changes = changes,
        DefaultComesFrom = [.. key.Synonyms.Select(synonym => synonym.Key.Name)],
    };

    private static void AppendKeys(StringBuilder page, IReadOnlyList<ConfigurationKey> keys)
    {
        page.Append("| key | type | default | allowed | at run time | what it does |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (ConfigurationKey key in keys)
        {
            string mode = key.Synonyms.Count > 0 ? "yes" : ModeName(key);
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{key.Name}` | {TypeName(key)} | {Cell(key.DefaultText)} | {key.Allowed} | {mode} | {key.Documentation} |\n");
        }
    }

    private static string Cell(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    private static string TypeName(ConfigurationKey key) => key.Type.ToString().ToLowerInvariant();

    private static string ModeName(ConfigurationKey key) => key.UpdateMode switch
    {
        ConfigurationUpdateMode.ClusterWide => "at run time, for one broker or all",
        ConfigurationUpdateMode.PerBroker => "at run time, for one broker",
        _ => "by a restart",
    };
}
