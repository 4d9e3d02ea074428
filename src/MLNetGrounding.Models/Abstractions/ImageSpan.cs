namespace MLNetGrounding.Models.Abstractions;

/// <summary>The tokens that stand for an image in a prompt.</summary>
internal sealed record ImageSpan
{
    /// <summary>Ids before the first visual token that depend on the image, such as the marker of its first tile. Default none.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>Ids from the first visual token to the last; markers between them are ordinary tokens.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>What each of <see cref="Ids"/> shows.</summary>
    public required VisualLayout Layout { get; init; }

    /// <summary>
    /// Per axis of the decoder's positions, the position of each of <see cref="Ids"/> less that of the first; <see langword="null"/> counts
    /// on, one a token, on every axis. Default <see langword="null"/>.
    /// </summary>
    public IReadOnlyList<int[]>? Offsets { get; init; }

    /// <summary>How much the position of the first token after the image lies above that of the first visual token.</summary>
    public required int Advance { get; init; }

    /// <summary>A run of visual tokens and nothing else, with one position a token.</summary>
    public static ImageSpan Plain(int imageTokenId, VisualLayout layout) =>
        new()
        {
            Ids = [.. Enumerable.Repeat(imageTokenId, layout.Tokens)],
            Layout = layout,
            Advance = layout.Tokens,
        };
}
