using System.Globalization;
using System.Numerics;

namespace Ottla.Core.Configuration;

/// <summary>Numbers within bounds.</summary>
/// <param name="minimum">The lowest value allowed.</param>
/// <param name="maximum">The highest value allowed.</param>
/// <param name="also">One value outside the bounds that is allowed too.</param>
internal sealed class NumberParser<T>(T minimum, T maximum, T? also = null) : ValueParser<T>
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    public override string Allowed
    {
        get
        {
            string bounds = (minimum == T.MinValue, maximum == T.MaxValue) switch
            {
                (true, true) => string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
                (false, true) => string.Create(CultureInfo.InvariantCulture, $"a number of at least {minimum}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
            };
            return also is { } other ? string.Create(CultureInfo.InvariantCulture, $"{bounds}, or {other}") : bounds;
        }
    }

    public override bool TryParse(string text, out T value) =>
        T.TryParse(text.AsSpan().Trim(), typeof(T) == typeof(double) ? NumberStyles.Float : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && ((value >= minimum && value <= maximum) || value == also);
}
