using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding;

/// <summary>How the figures of <see cref="GroundingFigures"/> look.</summary>
public sealed record GroundingFigureOptions
{
    /// <summary>Pixels of each panel's longer edge, at least 1. Default 240.</summary>
    public int PanelEdge { get; init; } = 240;

    /// <summary>
    /// Panels per row, at least 1. Default <see langword="null"/>: as many as make a figure that is wider than it is high.
    /// </summary>
    public int? Columns { get; init; }

    /// <summary>
    /// How maps lie on the image; <see cref="GroundingOverlayOptions.LongEdge"/> is <see cref="PanelEdge"/>. Default: the overlay's own.
    /// </summary>
    public GroundingOverlayOptions Look { get; init; } = new();

    /// <summary>The predicted region is where a final map, scaled to 0..1, is at least this. Default 0.05.</summary>
    public double RegionThreshold { get; init; } = Region.DefaultThreshold;

    /// <summary>The thresholds that head selection used; figures of heads say what each head failed. Default: the paper's.</summary>
    public HeadSelectionOptions HeadSelection { get; init; } = new();

    /// <summary>
    /// For each query name the indices of its key points, which are marked as hit or missed. Default <see langword="null"/>, and for
    /// queries that it lacks: as <see cref="GroundedImage.KeyPointDescription"/> says.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>>? KeyPointTable { get; init; }

    /// <summary>What figures of the layers show. Default <see cref="LayerMapSource.HeadSelection"/>.</summary>
    public LayerMapSource LayerMaps { get; init; } = LayerMapSource.HeadSelection;

    /// <summary>What figures are drawn for: a dark page, a light one, or paper. Default <see cref="FigureTheme.Dark"/>.</summary>
    public FigureTheme Theme { get; init; } = FigureTheme.Dark;

    /// <summary>How images look under maps; paper shows them in gray.</summary>
    internal GroundingOverlayOptions PanelLook =>
        Look with
        {
            LongEdge = PanelEdge,
            Saturation = Theme == FigureTheme.Print ? 0 : Look.Saturation,
            Brightness = Theme == FigureTheme.Print ? 1 : Look.Brightness,
        };

    /// <summary>How images look without a map.</summary>
    internal GroundingOverlayOptions PlainLook => PanelLook with { Saturation = Theme == FigureTheme.Print ? 0 : 1, Brightness = 1 };

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PanelEdge, 1, nameof(PanelEdge));
        ArgumentOutOfRangeException.ThrowIfLessThan(Columns ?? 1, 1, nameof(Columns));
        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
        OptionChecks.Defined(LayerMaps, nameof(LayerMaps));
        OptionChecks.Defined(Theme, nameof(Theme));
        ArgumentNullException.ThrowIfNull(HeadSelection, nameof(HeadSelection));
        HeadSelection.Validate();
    }
}
