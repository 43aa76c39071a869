namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for before it allows <c>init</c>, and what netstandard2.0 lacks.</summary>
internal static class IsExternalInit
{
}
