using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// How the heads of one sample are chosen by attention sum and spatial entropy
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025, arXiv 2503.06287).
/// The defaults are the released code's of August 2025 with its faults mended; <see cref="June2025"/> is the release before.
/// </summary>
public sealed record LocalizationHeadOptions
{
    private const int SourceCells = 24 * 24;

    /// <summary>
    /// Number of heads selected in each sample: those of lowest spatial entropy. At least 1; default 5.
    /// </summary>
    public int HeadsPerSample { get; init; } = 5;

    /// <summary>
    /// How many times its mean is taken away from a map before its places are looked for: B = ReLU(A - factor * mean A). Not negative;
    /// default 2, as in the code of August 2025; 1 in the publication and in the code before.
    /// </summary>
    public double MeanFactor { get; init; } = 2;

    /// <summary>
    /// A cell belongs to a component where B exceeds this, an attention weight on a grid of <see cref="ThresholdCells"/> cells. Not
    /// negative; default 0.001.
    /// </summary>
    public double ComponentThreshold { get; init; } = 0.001;

    /// <summary>
    /// A head with a cell of the bottom row above this, an attention weight on a grid of <see cref="ThresholdCells"/> cells, is left out:
    /// sinks often lie there. Not negative; <see langword="null"/>: no head is. Default 0.05.
    /// </summary>
    public double? BottomRowLimit { get; init; } = 0.05;

    /// <summary>
    /// The number of cells that <see cref="ComponentThreshold"/> and <see cref="BottomRowLimit"/> are made for. A cell of a smaller grid
    /// holds more attention, so both are multiplied by this over the cells of the grid. At least 1; default 576, the 24 x 24 cells of the
    /// source; <see langword="null"/>: they are taken as they are on every grid, as the source does.
    /// </summary>
    public int? ThresholdCells { get; init; } = SourceCells;

    /// <summary>Which neighbors join a component. Default <see cref="Connectivity.Eight"/>, as in the source.</summary>
    public Connectivity Connectivity { get; init; } = Connectivity.Eight;

    /// <summary>
    /// Whether a component's share is one of all of B, as in the source, so that what lies in no component raises the entropy of one place;
    /// otherwise of the components alone, whose shares then sum to 1. Default <see langword="true"/>.
    /// </summary>
    public bool SharesOfAll { get; init; } = true;

    /// <summary>
    /// First layer, from 0, whose heads are candidates; the elbow is that of all layers. Default 2, the third layer.
    /// </summary>
    public int FirstLayer { get; init; } = 2;

    /// <summary>What is done with heads without a component. Default <see cref="ScatteredHeads.Last"/>.</summary>
    public ScatteredHeads WithoutComponent { get; init; } = ScatteredHeads.Last;

    /// <summary>
    /// Whether of heads of equal entropy the one with the larger attention sum comes first; otherwise the earlier layer and head does.
    /// Default <see langword="false"/>.
    /// </summary>
    public bool TiesToLargerSum { get; init; }

    /// <summary>
    /// Whether a sample in which no head is left selects the one of largest attention sum, of any layer, that
    /// <see cref="BottomRowLimit"/> does not leave out. Default <see langword="true"/>.
    /// </summary>
    public bool FallBackToLargestSum { get; init; } = true;

    /// <summary>
    /// As the code of June 2025 means it: B above the mean, ten heads a sample of any layer, shares of the components, thresholds as they
    /// are, and of equal entropies the larger sum first. That code compares the numbers of heads instead of their sums, and ranks heads
    /// without a component first; neither is followed.
    /// </summary>
    public static LocalizationHeadOptions June2025 { get; } =
        new()
        {
            HeadsPerSample = 10,
            MeanFactor = 1,
            BottomRowLimit = null,
            ThresholdCells = null,
            SharesOfAll = false,
            FirstLayer = 0,
            WithoutComponent = ScatteredHeads.Never,
            TiesToLargerSum = true,
            FallBackToLargestSum = false,
        };

    /// <summary>Multiplies a threshold on a grid of some cells.</summary>
    internal double ThresholdScale(int cells) => ThresholdCells is { } made ? (double)made / cells : 1;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadsPerSample, 1, nameof(HeadsPerSample));
        OptionChecks.NotNegative(MeanFactor, nameof(MeanFactor));
        OptionChecks.NotNegative(ComponentThreshold, nameof(ComponentThreshold));
        OptionChecks.NotNegative(BottomRowLimit ?? 0, nameof(BottomRowLimit));
        ArgumentOutOfRangeException.ThrowIfLessThan(ThresholdCells ?? 1, 1, nameof(ThresholdCells));
        OptionChecks.Defined(Connectivity, nameof(Connectivity));
        OptionChecks.Defined(WithoutComponent, nameof(WithoutComponent));
        ArgumentOutOfRangeException.ThrowIfNegative(FirstLayer, nameof(FirstLayer));
    }
}
