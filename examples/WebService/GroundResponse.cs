namespace WebService;

/// <summary>What <c>POST /api/ground</c> answers.</summary>
/// <param name="Width">The image's width in pixels, turned as its orientation tag says.</param>
/// <param name="Height">Its height.</param>
/// <param name="Words">What the model looked at for each word.</param>
/// <param name="Label">What the pipeline's predictor says; null where it has none.</param>
/// <param name="Scores">Its scores.</param>
internal sealed record GroundResponse(
    int Width,
    int Height,
    IReadOnlyList<GroundedWord> Words,
    string? Label,
    IReadOnlyDictionary<string, float>? Scores
);
