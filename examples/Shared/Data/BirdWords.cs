namespace MLNetGrounding.Examples;

/// <summary>The words of the examples' data.</summary>
internal static class BirdWords
{
    /// <summary>The key points that CUB has for a word, as the scores take them: those of an attribute, or the one of that name.</summary>
    public static IReadOnlyList<int> KeyPointsOf(string word) =>
        CubParts.KeyPointsOf.TryGetValue(word, out IReadOnlyList<int>? points)
            ? points
            : [.. Enumerable.Range(0, CubParts.KeyPointNames.Count).Where(point => CubParts.KeyPointNames[point] == word)];
}
