namespace MLNetGrounding.Comparison;

/// <summary>Tables with what stands before and after them, whatever they are written as.</summary>
/// <param name="Title">The title.</param>
/// <param name="Origin">What it is all of: names and texts.</param>
/// <param name="Introduction">Lines before the tables.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Notes">What names and scores mean, a line each.</param>
internal sealed record TableDocument(
    string Title,
    IReadOnlyList<KeyValuePair<string, string>> Origin,
    IEnumerable<string> Introduction,
    IEnumerable<EvaluationTable> Tables,
    IEnumerable<string> Notes
);
