namespace MLNetGrounding.Models.Abstractions;

/// <summary>
/// Layers that publications read in one model and chose by hand, counted from 0. Where a model has none of its own, methods take the same
/// relative depth as in the model that their publication used.
/// </summary>
internal sealed record PublishedLayers
{
    /// <summary>
    /// The layer of ViCrop's relative attention (arXiv 2502.17422, released code); <see langword="null"/> where it names none for the
    /// model.
    /// </summary>
    public int? RelativeAttention { get; init; }
}
