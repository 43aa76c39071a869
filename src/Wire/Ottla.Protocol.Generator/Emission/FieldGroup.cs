using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Neighbouring fields with the same versions, which share one condition.</summary>
/// <param name="Condition">The condition on the version; null when the fields are always there.</param>
/// <param name="Context">The versions in which the condition holds.</param>
/// <param name="Fields">The fields in the order of the wire.</param>
internal sealed record FieldGroup(string? Condition, VersionSpan Context, List<FieldSchema> Fields)
{
    /// <summary>Cuts the untagged fields of a struct into groups.</summary>
    public static IEnumerable<FieldGroup> Of(StructSchema block)
    {
        FieldGroup? group = null;
        foreach (FieldSchema field in block.PlainFields)
        {
            VersionSpan context = block.Versions.Intersect(field.Versions);
            if (group is not null && group.Context == context)
            {
                group.Fields.Add(field);
                continue;
            }

            if (group is not null)
            {
                yield return group;
            }

            group = new FieldGroup(Conditions.When(field.Versions, block.Versions), context, new List<FieldSchema> { field });
        }

        if (group is not null)
        {
            yield return group;
        }
    }
}
