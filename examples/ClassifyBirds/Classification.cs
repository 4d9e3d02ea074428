namespace ClassifyBirds;

/// <summary>What a trained classifier says about the test rows.</summary>
/// <param name="Classes">The species, in the order of the scores.</param>
/// <param name="Rows">The test rows in order.</param>
internal sealed record Classification(IReadOnlyList<string> Classes, IReadOnlyList<ClassifiedRow> Rows)
{
    private readonly Dictionary<string, int> _indices = Classes
        .Select((name, index) => (name, index))
        .ToDictionary(each => each.name, each => each.index, StringComparer.Ordinal);

    /// <summary>Per row, whether the species with the highest score is the right one.</summary>
    public bool[] Correct => [.. Rows.Select(row => Predicted(row) == _indices[row.Species])];

    /// <summary>Per row, whether the right species scores higher than the one that differs from it in a single part.</summary>
    public bool[] CorrectInPair =>
        [.. Rows.Select(row => row.Score[_indices[row.Species]] > row.Score[_indices[SpeciesPairs.PartnerOf(row.Species, Classes)]])];

    /// <summary>How often each species was taken for each, <c>[actual, predicted]</c>.</summary>
    public int[,] Confusion()
    {
        int[,] counts = new int[Classes.Count, Classes.Count];
        foreach (ClassifiedRow row in Rows)
        {
            counts[_indices[row.Species], Predicted(row)]++;
        }

        return counts;
    }

    private static int Predicted(ClassifiedRow row) => Array.IndexOf(row.Score, row.Score.Max());
}
