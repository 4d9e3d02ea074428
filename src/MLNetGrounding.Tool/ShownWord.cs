namespace MLNetGrounding.Tool;

/// <summary>A word of an answer that can be chosen.</summary>
/// <param name="Answer">Which answer it belongs to.</param>
/// <param name="Word">The word with its map.</param>
internal sealed record ShownWord(int Answer, GroundedWord Word)
{
    /// <summary>All words of some answers whose maps could be computed, one after the other.</summary>
    public static ShownWord[] Of(IReadOnlyList<GroundedAnswer> answers) =>
        [
            .. answers.SelectMany(
                (answer, index) =>
                    answer.Words.Where(word => word.Map.ToArray().All(float.IsFinite)).Select(word => new ShownWord(index, word))
            ),
        ];
}
