namespace MLNetGrounding.Data;

/// <summary>What the names of a data set's points say about the words that they count for.</summary>
internal static class PointNames
{
    private static readonly string[] Sides = ["left", "right"];

    /// <summary>A name as words are written: <c>left_eye</c> is <c>left eye</c>.</summary>
    public static string Plain(string name) =>
        string.Join(' ', name.Split(['_', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>The word that a point counts for where nothing else is said: its name without the side, so that an eye is either.</summary>
    public static string WordOf(string name)
    {
        string[] parts = name.Split(' ');
        return string.Join(
            ' ',
            parts switch
            {
                [var first, .. { Length: > 0 } rest] when IsSide(first) => rest,
                [.. { Length: > 0 } rest, var last] when IsSide(last) => rest,
                _ => parts,
            }
        );
    }

    /// <summary>What points are: as stated, else the words of their names.</summary>
    /// <param name="names">The plain names.</param>
    /// <param name="words">For each word the names of its points, plain or as the data writes them; null: the words of the names.</param>
    /// <param name="swapped">The control, if any is stated.</param>
    /// <param name="option">The option that states <paramref name="words"/>, for messages.</param>
    /// <exception cref="ArgumentException">There is no such point.</exception>
    public static KeyPointDescription Describe(
        IReadOnlyList<string> names,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? words,
        IReadOnlyDictionary<string, string>? swapped,
        string option
    )
    {
        Dictionary<string, IReadOnlyList<int>> table = new(StringComparer.Ordinal);
        if (words is null)
        {
            foreach (IGrouping<string, int> word in Enumerable.Range(0, names.Count).GroupBy(point => WordOf(names[point])))
            {
                table.Add(word.Key, [.. word]);
            }
        }

        List<string> known = [.. names];
        foreach ((string word, IReadOnlyList<string> points) in words ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            table.Add(word, [.. points.Select(IndexOf)]);

            int IndexOf(string point) =>
                known.IndexOf(Plain(point)) is >= 0 and int index
                    ? index
                    : throw new ArgumentException(
                        $"{option}: '{word}' is to have the point '{point}', but the data has only: {string.Join(", ", names)}.",
                        option
                    );
        }

        return new KeyPointDescription
        {
            Names = names,
            KeyPointTable = table,
            SwappedQueries = swapped?.ToDictionary(StringComparer.Ordinal),
        };
    }

    private static bool IsSide(string word) => Sides.Contains(word, StringComparer.OrdinalIgnoreCase);
}
