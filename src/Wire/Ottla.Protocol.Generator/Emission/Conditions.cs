using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Turns ranges of versions into C# conditions on the local <c>version</c>.</summary>
internal static class Conditions
{
    /// <summary>
    /// The condition that <c>version</c> lies in <paramref name="span"/> when it is known to lie in <paramref name="context"/>;
    /// null when it always does.
    /// </summary>
    public static string? When(VersionSpan span, VersionSpan context)
    {
        if (span.Covers(context))
        {
            return null;
        }

        if (span.Intersect(context).IsEmpty)
        {
            return "false";
        }

        bool checksLow = span.Low > context.Low;
        bool checksHigh = span.High < context.High;
        return span.Low == span.High ? $"version == {span.Low}"
            : checksLow && checksHigh ? $"version is >= {span.Low} and <= {span.High}"
            : checksLow ? $"version >= {span.Low}"
            : $"version <= {span.High}";
    }

    /// <summary>The expression to pass where a reader or writer asks whether the version is flexible.</summary>
    public static string Flexible(MessageSchema message, VersionSpan context) =>
        When(message.Flexible, context) switch
        {
            null => "true",
            "false" => "false",
            _ => "flexible",
        };
}
