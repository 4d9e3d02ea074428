namespace MLNetGrounding.Tool;

/// <summary>What the key points of a run are.</summary>
/// <param name="Names">Their names.</param>
/// <param name="Table">For each word the points that count for it.</param>
/// <param name="Swapped">The control, if the data says one.</param>
internal sealed record RunPoints(
    IReadOnlyList<string> Names,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Table,
    IReadOnlyDictionary<string, string>? Swapped
)
{
    public KeyPointDescription Description =>
        new()
        {
            Names = Names,
            KeyPointTable = Table,
            SwappedQueries = Swapped,
        };

    /// <summary>What data says, with what the command line states besides.</summary>
    public static RunPoints Of(KeyPointDescription data, IReadOnlyDictionary<string, IReadOnlyList<int>> stated)
    {
        Dictionary<string, IReadOnlyList<int>> table = new(data.KeyPointTable, StringComparer.Ordinal);
        foreach ((string word, IReadOnlyList<int> points) in stated)
        {
            table[word] = points;
        }

        return new RunPoints(data.Names, table, data.SwappedQueries);
    }
}
