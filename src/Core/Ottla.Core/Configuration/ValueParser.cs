namespace Ottla.Core.Configuration;

/// <summary>Parses and checks the values of one key.</summary>
/// <typeparam name="T">What a value parses to.</typeparam>
internal abstract class ValueParser<T>
{
    /// <summary>The allowed values in words.</summary>
    public abstract string Allowed { get; }

    /// <summary>False when <paramref name="text"/> is no allowed value.</summary>
    public abstract bool TryParse(string text, out T value);
}
