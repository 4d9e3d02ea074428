namespace MLNetGrounding;

/// <summary>One question about an image and the word in it whose attention is wanted, as text or as token ids.</summary>
/// <remarks>A checkpoint without tokenizer files works with <see cref="TokenIds"/>.</remarks>
public sealed record AttentionQuery
{
    /// <summary>The name that columns, tables and files use.</summary>
    public required string Name { get; init; }

    /// <summary>What the query is asked for. Default <see cref="QueryRole.Fine"/>.</summary>
    public QueryRole Role { get; init; }

    /// <summary>
    /// The word whose rows are read; <see langword="null"/> reads the last prompt token. Its last occurrence in the question counts.
    /// </summary>
    public string? Word { get; init; }

    /// <summary>The question; <see langword="null"/> takes the one of the model's <see cref="GroundingProfile"/>.</summary>
    public string? Question { get; init; }

    /// <summary>The tokens after the image, instead of <see cref="Question"/>.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>
    /// Positions within <see cref="TokenIds"/> of the queried word's sub-tokens; <see langword="null"/> reads the last token.
    /// </summary>
    public IReadOnlyList<int>? TokenPositions { get; init; }

    /// <summary>Asks about a detail with the profile's question.</summary>
    /// <param name="word">The detail, such as "wheel".</param>
    public static AttentionQuery Fine(string word) => new() { Name = word, Word = word };

    /// <summary>Asks about the whole object with the profile's coarse question.</summary>
    /// <param name="word">The object, such as "car"; <see langword="null"/> takes the profile's.</param>
    public static AttentionQuery Coarse(string? word = null) =>
        new()
        {
            Name = word ?? "",
            Word = word,
            Role = QueryRole.Coarse,
        };

    /// <summary>Asks about nothing in particular with the profile's neutral prompt; its last token's row is read.</summary>
    public static AttentionQuery Neutral() => new() { Name = "neutral", Role = QueryRole.Neutral };

    /// <summary>Asks about the background with the profile's prompt; its last token's row is read.</summary>
    public static AttentionQuery Background() => new() { Name = "background", Role = QueryRole.Background };
}
