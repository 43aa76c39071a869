namespace Ottla.Core.Metadata;

/// <summary>What a topic may be called.</summary>
public static class TopicNames
{
    /// <summary>The longest name, so that a partition's folder fits into what file systems take.</summary>
    public const int MaxLength = 249;

    /// <summary>The topic of committed offsets and groups.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>The topic of transactions.</summary>
    public const string TransactionState = "__transaction_state";

    /// <summary>The topic of share groups' positions.</summary>
    public const string ShareGroupState = "__share_group_state";

    /// <summary>The metadata log, which is no topic that a client may touch.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>Whether the broker itself owns the topic.</summary>
    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;

    /// <summary>Says what is wrong with a name; null when it is valid.</summary>
    public static string? Check(string name)
    {
        string? problem = name switch
        {
            "" => "the empty string is not allowed",
            "." => "'.' is not allowed",
            ".." => "'..' is not allowed",
            { Length: > MaxLength } => $"the length of '{name}' is longer than the max allowed length {MaxLength}",
            _ when !HasOnlyLegalCharacters(name) =>
                $"'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
            _ => null,
        };
        return problem is null ? null : $"Topic name is invalid: {problem}";
    }

    /// <summary>
    /// Whether two different names would be one metric: Kafka's metric names have '_' for '.', so topics that differ only there are
    /// refused.
    /// </summary>
    public static bool Collide(string left, string right)
    {
        if (left.Length != right.Length || string.Equals(left, right, StringComparison.Ordinal))
        {
            return false;
        }

        for (int index = 0; index < left.Length; index++)
        {
            if (Fold(left[index]) != Fold(right[index]))
            {
                return false;
            }
        }

        return true;

        static char Fold(char character) => character == '.' ? '_' : character;
    }

    /// <summary>Whether a name can collide with another one at all.</summary>
    public static bool CanCollide(string name) => name.AsSpan().ContainsAny('.', '_');

    private static bool HasOnlyLegalCharacters(string name)
    {
        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
