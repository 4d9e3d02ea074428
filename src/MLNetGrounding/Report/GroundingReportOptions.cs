using MLNetGrounding.Comparison;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding;

/// <summary>What a <see cref="GroundingReport"/> says and holds.</summary>
public sealed record GroundingReportOptions
{
    /// <summary>The heading. Default <c>Grounding report</c>.</summary>
    public string Title { get; init; } = "Grounding report";

    /// <summary>A sentence or two under it: model, data. Default: nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>The predicted region is where a map, scaled to 0..1, is at least this. Default 0.05.</summary>
    public double RegionThreshold { get; init; } = Region.DefaultThreshold;

    /// <summary>
    /// For each query name the indices of its key points. Default <see langword="null"/>, and for queries that it lacks: as
    /// <see cref="GroundedImage.KeyPointDescription"/> of the images says. Queries without points are shown and not scored.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>>? KeyPointTable { get; init; }

    /// <summary>Scores of one's own, shown beside the library's. Default: none.</summary>
    public IReadOnlyList<GroundingScore> FurtherScores { get; init; } = [];

    /// <summary>
    /// How many images are shown, from the first on; the scores are of all, and images that can be opened down to their heads are shown
    /// wherever they stand, unless this is 0. An image takes about 40 kB in the file. Default 500.
    /// </summary>
    public int Images { get; init; } = 500;

    /// <summary>
    /// How many of the images that come with their <see cref="GroundedImage.Layers"/> can be opened down to every layer and head: a third
    /// each those that the first method does best on, those that it does worst on (by the share of hits at equal area, then by the mean
    /// rank of the key points), and the first; where nothing is scored, the first alone. An image takes megabytes in the file at the size
    /// of LLaVA 1.5. Default 12.
    /// </summary>
    public int Details { get; init; } = 12;

    /// <summary>
    /// The names of images (<see cref="GroundedImage.Name"/>) that can be opened down to their heads besides. Default: none.
    /// </summary>
    public IReadOnlyList<string> DetailsOf { get; init; } = [];

    /// <summary>
    /// Whether the page shows, for each attribute, every head over all images that come with their <see cref="GroundedImage.Layers"/>: how
    /// often it is kept, its entropy and compactness, and how often its map alone hits. Every map of every head is looked at, which costs
    /// time beside a model on a GPU; the memory is that of a few numbers a head and question. Default <see langword="true"/>.
    /// </summary>
    public bool HeadMap { get; init; } = true;

    /// <summary>Pixels of the longer edge that images are reduced to, at least 16. Default 480.</summary>
    public int ImageEdge { get; init; } = 480;

    /// <summary>The quality of the images, WebP, from 1 to 100. Default 80.</summary>
    public int ImageQuality { get; init; } = 80;

    /// <summary>The thresholds that head selection used, to say why a head was dropped. Default: the paper's.</summary>
    public HeadSelectionOptions HeadSelection { get; init; } = new();

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Title, nameof(Title));
        ArgumentNullException.ThrowIfNull(Description, nameof(Description));
        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
        ArgumentNullException.ThrowIfNull(FurtherScores, nameof(FurtherScores));
        FurtherScoreChecks.Check(FurtherScores, MapScorer.Columns([RegionThreshold], [], FurtherScores), nameof(FurtherScores));
        ArgumentOutOfRangeException.ThrowIfNegative(Images, nameof(Images));
        ArgumentOutOfRangeException.ThrowIfNegative(Details, nameof(Details));
        ArgumentNullException.ThrowIfNull(DetailsOf, nameof(DetailsOf));
        ArgumentOutOfRangeException.ThrowIfLessThan(ImageEdge, 16, nameof(ImageEdge));
        ArgumentOutOfRangeException.ThrowIfLessThan(ImageQuality, 1, nameof(ImageQuality));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ImageQuality, 100, nameof(ImageQuality));
        ArgumentNullException.ThrowIfNull(HeadSelection, nameof(HeadSelection));
        HeadSelection.Validate();
    }
}
