using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Broker.Requests.Metadata;

/// <summary>The broker's configuration as it stands now: what was given at start under what was set at run time. Thread-safe.</summary>
internal sealed class EffectiveConfiguration
{
    private readonly BrokerConfiguration _given;
    private readonly ConfigResource _self;
    private Entry _entry;

    /// <param name="given">What was given at start.</param>
    /// <param name="self">This broker.</param>
    public EffectiveConfiguration(BrokerConfiguration given, BrokerId self)
    {
        _given = given;
        _self = ConfigResource.ForBroker(self);
        _entry = new Entry(ConfigsImage.Empty, given);
    }

    /// <summary>The configuration under what <paramref name="image"/> says.</summary>
    public BrokerConfiguration Under(MetadataImage image)
    {
        Entry entry = Volatile.Read(ref _entry);
        if (!ReferenceEquals(entry.Configs, image.Configs))
        {
            entry = new Entry(image.Configs, _given.WithDynamic(image.Configs.For(ConfigResource.ClusterDefault), image.Configs.For(_self)));
            Volatile.Write(ref _entry, entry);
        }

        return entry.Configuration;
    }

    private sealed record Entry(ConfigsImage Configs, BrokerConfiguration Configuration);
}
