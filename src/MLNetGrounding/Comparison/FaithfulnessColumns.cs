namespace MLNetGrounding.Comparison;

/// <summary>
/// The numbers of a faithfulness measurement among the scores of a map; they are filled in once all maps of an image are known.
/// </summary>
/// <param name="curves">How the curves are computed.</param>
internal sealed class FaithfulnessColumns(FaithfulnessOptions curves) : GroundingScore
{
    /// <summary>The area under the insertion curve.</summary>
    public const string Insertion = "insertion";

    /// <summary>The area under the deletion curve.</summary>
    public const string Deletion = "deletion";

    /// <summary>How many numbers there are.</summary>
    public const int Count = 4;

    public override IReadOnlyList<ScoreColumn> Columns { get; } =
    [
        new(Insertion)
        {
            Description =
                $"area under the mean probability of the answer's tokens while the pixels that the map ranks first are shown ({curves}); the larger, the more faithful. One query an image, in turn",
        },
        new(Deletion) { Description = "the same while they are hidden; the smaller, the more faithful" },
        new("insertion_highest") { Description = "the largest probability while they are shown" },
        new("answer_probability") { Description = "the probability on the whole image" },
    ];

    public override string Settings => "1";

    /// <summary>What is known before the image's maps are measured together: nothing.</summary>
    public override void Score(in ScoredMap map, Span<float> scores) => scores.Fill(float.NaN);

    /// <summary>Writes a measurement.</summary>
    public static void Write(FaithfulnessCurves curves, Span<float> scores)
    {
        scores[0] = (float)curves.InsertionArea;
        scores[1] = (float)curves.DeletionArea;
        scores[2] = (float)curves.HighestInsertion;
        scores[3] = (float)curves.Deletion[0];
    }
}
