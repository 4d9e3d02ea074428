namespace MLNetGrounding.Examples;

/// <summary>The words of a command line, and the points that are said to count for some of them.</summary>
/// <param name="Words">The words, in order.</param>
/// <param name="Points">For a word the names of its points; a word that is not in it has those that the data says.</param>
internal sealed record AskedWords(IReadOnlyList<string> Words, IReadOnlyDictionary<string, IReadOnlyList<string>> Points)
{
    /// <summary>How they are written, for helps.</summary>
    public const string Form = "separated by commas; WORD=POINT+POINT names the points that a word is scored on";

    /// <summary>Reads a list such as <c>beak,head=crown+nape</c>.</summary>
    /// <exception cref="ArgumentException">A word is missing or occurs twice, or a point is missing.</exception>
    public static AskedWords Parse(string? list)
    {
        List<string> words = [];
        Dictionary<string, IReadOnlyList<string>> points = new(StringComparer.Ordinal);
        foreach (string part in CommandOptions.WordsOf(list))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides[0].Length == 0 || words.Contains(sides[0]))
            {
                throw new ArgumentException(
                    $"--words names each word once; '{part}' names {(sides[0].Length == 0 ? "none" : "one again")}."
                );
            }

            words.Add(sides[0]);
            if (sides.Length == 2)
            {
                string[] names = sides[1].Split('+', StringSplitOptions.TrimEntries);
                points[sides[0]] = names.All(name => name.Length > 0)
                    ? names
                    : throw new ArgumentException($"--words: points were expected behind the '=' of '{part}', such as head=crown+nape.");
            }
        }

        return words.Count > 0 ? new AskedWords(words, points) : throw new ArgumentException("--words needs at least one word.");
    }

    /// <summary>The points that are stated, as their numbers in the data.</summary>
    /// <exception cref="CommandException">The data has no point of a name.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> TableFor(KeyPointDescription description)
    {
        List<string> names = [.. description.Names];
        return Points.ToDictionary(
            word => word.Key,
            word =>
                (IReadOnlyList<int>)
                    [
                        .. word.Value.Select(point =>
                            names.IndexOf(point.Replace('_', ' ')) is >= 0 and int index
                                ? index
                                : throw new CommandException(
                                    $"--words: '{word.Key}' is to have the point '{point}', but the data has only: {string.Join(", ", names)}."
                                )
                        ),
                    ],
            StringComparer.Ordinal
        );
    }

    /// <summary>As it was written.</summary>
    public override string ToString() =>
        string.Join(
            ',',
            Words.Select(word => Points.TryGetValue(word, out IReadOnlyList<string>? points) ? $"{word}={string.Join('+', points)}" : word)
        );
}
