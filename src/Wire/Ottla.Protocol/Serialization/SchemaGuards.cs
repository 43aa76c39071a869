using System.Diagnostics.CodeAnalysis;

namespace Ottla.Protocol;

/// <summary>What generated messages throw, out of their way.</summary>
internal static class SchemaGuards
{
    [DoesNotReturn]
    public static void ThrowUnsupportedVersion(string message, short version) =>
        throw new ArgumentOutOfRangeException(nameof(version), version, $"{message} has no such version.");

    [DoesNotReturn]
    public static void ThrowFieldNotInVersion(string field, short version) =>
        throw new InvalidOperationException($"{field} is set, and version {version} cannot carry it.");

    [DoesNotReturn]
    public static void ThrowNullNotInVersion(string field, short version) =>
        throw new InvalidOperationException($"{field} is null, and version {version} has no null there.");
}
