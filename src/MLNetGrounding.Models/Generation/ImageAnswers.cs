namespace MLNetGrounding;

/// <summary>A model's answers to all questions about one image.</summary>
public sealed record ImageAnswers
{
    /// <summary>The answers, in the order of <see cref="PreparedPrompt.Queries"/>.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Maps pixels of the image to grid cells and back.</summary>
    public required ImageGeometry Geometry { get; init; }

    /// <summary>The grid of the tokens' maps.</summary>
    public required MapGrid Grid { get; init; }

    /// <summary>
    /// How tokens were chosen, in words, such as <c>greedy</c>, with where the settings come from and the seed where tokens were drawn.
    /// </summary>
    public required string Decoding { get; init; }
}
