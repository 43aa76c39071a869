namespace Ottla.Core.Configuration;

/// <summary>Finds the name that somebody who mistyped one most likely meant.</summary>
public static class NearestName
{
    /// <summary>The name with the fewest edits from <paramref name="name"/>, or null when none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string? best = null;
        int fewest = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int edits = CountEdits(name, candidate);
            if (edits < fewest)
            {
                fewest = edits;
                best = candidate;
            }
        }

        return best;
    }

    private static int CountEdits(string left, string right)
    {
        int[] previous = new int[right.Length + 1];
        int[] current = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            previous[column] = column;
        }

        for (int row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replace = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replace, Math.Min(previous[column], current[column - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
