using System.Collections.Immutable;
using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>Between the raw integers of a record and typed broker ids.</summary>
internal static class BrokerIdLists
{
    public static ImmutableArray<BrokerId> FromRecord(List<int> ids)
    {
        ImmutableArray<BrokerId>.Builder builder = ImmutableArray.CreateBuilder<BrokerId>(ids.Count);
        foreach (int id in ids)
        {
            builder.Add(new BrokerId(id));
        }

        return builder.MoveToImmutable();
    }

    public static ImmutableArray<BrokerId>? FromNullableRecord(List<int>? ids) => ids is null or [] ? null : FromRecord(ids);

    public static List<int> ToRecord(ImmutableArray<BrokerId> ids)
    {
        List<int> result = new(ids.Length);
        foreach (BrokerId id in ids)
        {
            result.Add(id.Value);
        }

        return result;
    }

    public static List<int>? ToNullableRecord(ImmutableArray<BrokerId>? ids) => ids is { } some ? ToRecord(some) : null;
}
