using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>What the catalogs need to know of a message. Compared by value, so that they are emitted again only when it changes.</summary>
internal readonly record struct MessageSummary(
    MessageKind Kind, int Key, string Name, string ClassName, string Namespace, VersionSpan Versions, VersionSpan Flexible, string Listeners)
{
    public static MessageSummary Of(MessageSchema message) => new(
        message.Kind,
        message.Key,
        message.Name,
        message.ClassName,
        message.Namespace,
        message.Versions,
        message.Flexible,
        string.Join(" ", message.Listeners));
}
