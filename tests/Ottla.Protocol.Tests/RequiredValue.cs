using System.Runtime.CompilerServices;

namespace Ottla.Protocol.Tests;

/// <summary>Says what was missing where a null reference exception would not.</summary>
internal static class RequiredValue
{
    public static T OrFail<T>(this T? value, [CallerArgumentExpression(nameof(value))] string what = "")
        where T : class =>
        value ?? throw new InvalidOperationException($"{what} is null.");
}
