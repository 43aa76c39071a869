namespace Ottla.Core.Configuration;

/// <summary>What a broker setting is: one that works, one without effect, or a wrong one.</summary>
/// <param name="HasEffect">Whether the key works here.</param>
/// <param name="Error">What is wrong with it; null when nothing is.</param>
public readonly record struct BrokerKeyCheck(bool HasEffect, string? Error)
{
    /// <summary>Looks up the key and checks the value.</summary>
    public static BrokerKeyCheck Check(string name, string value)
    {
        if (BrokerKeys.Find(name) is { } key)
        {
            return new BrokerKeyCheck(true, key.Check(value));
        }

        if (RefusedKeys.Broker.TryGetValue(name, out string? neutral))
        {
            return value.Trim().Length == 0 || value.Trim() == neutral
                ? new BrokerKeyCheck(false, null)
                : new BrokerKeyCheck(false, $"Invalid value {value} for configuration {name}: Ottla does not support it yet, so it may only be empty{(neutral.Length == 0 ? "" : " or " + neutral)}.");
        }

        if (AcceptedKeys.IsAcceptedByBroker(name))
        {
            return new BrokerKeyCheck(false, null);
        }

        string? nearest = NearestName.Find(name, BrokerKeys.All.Select(known => known.Name).Concat(AcceptedKeys.Broker));
        return new BrokerKeyCheck(false, $"Unknown configuration {name}{(nearest is null ? "" : $"; did you mean {nearest}?")}");
    }

    /// <summary>
    /// Checks a setting that is made at run time; null value removes it. <paramref name="perBroker"/> tells whether it is made on one
    /// broker or for all. Returns what is wrong, or null.
    /// </summary>
    public static string? CheckDynamic(string name, string? value, bool perBroker)
    {
        if (BrokerKeys.Find(name) is not { } key)
        {
            return value is null || AcceptedKeys.IsAcceptedByBroker(name) ? null : Check(name, value).Error;
        }

        return key.UpdateMode switch
        {
            ConfigurationUpdateMode.ReadOnly => $"Cannot update these configs dynamically: [{name}]",
            ConfigurationUpdateMode.PerBroker when !perBroker => $"Cannot update these configs at the default cluster level: [{name}]",
            _ => value is null ? null : key.Check(value),
        };
    }
}
