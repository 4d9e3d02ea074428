namespace MLNetGrounding;

/// <summary>
/// How an evaluation measures whether the model's own answers rest on the pixels that the methods rank first: insertion and deletion curves
/// (<see cref="VisionLanguageModel.MeasureFaithfulness"/>) of each method's map and, where there are baselines, of a random map and of the
/// image's center.
/// </summary>
/// <remarks>
/// Of each image one query is measured, in turn: that of the image's place among the rows, or the next one of which a key point is
/// visible and every method has a map. The answer is the model's own to that query, as <see cref="Answering"/> says; an image to which it
/// answers nothing is not scored. A map costs 126 passes at 64 steps.
/// </remarks>
public sealed record FaithfulnessScoring
{
    /// <summary>The model; it stays the caller's.</summary>
    public required VisionLanguageModel Model { get; init; }

    /// <summary>
    /// How images are fitted and the model is asked, as the maps were made: the profile, the grid, the fit and what else decides over
    /// tokens. Default: all defaults.
    /// </summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>
    /// The question, with <c>{word}</c> for the query's name, as in <see cref="CapturingOptions.Question"/>. Default
    /// <see langword="null"/>: the profile's.
    /// </summary>
    public string? Question { get; init; }

    /// <summary>
    /// The word for the whole object in questions that name it. Default <see langword="null"/>: the profile's, if it has one.
    /// </summary>
    public string? Object { get; init; }

    /// <summary>How the model answers. Default: greedily, with at most 16 tokens.</summary>
    public AnswerOptions Answering { get; init; } = new() { MaximumTokens = 16 };

    /// <summary>How the curves are computed. Default: EAGLE's settings.</summary>
    public FaithfulnessOptions Curves { get; init; } = new();

    /// <summary>Input: the images. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; init; } = GroundingColumns.Image;

    /// <summary>Is told the share of the passes of the image in hand that are done. Default <see langword="null"/>.</summary>
    public IProgress<double>? Progress { get; init; }
}
