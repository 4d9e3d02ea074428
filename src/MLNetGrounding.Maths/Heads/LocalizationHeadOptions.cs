using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// How the heads of one sample are chosen by attention sum and spatial entropy
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025, arXiv 2503.06287).
/// </summary>
public sealed record LocalizationHeadOptions
{
    /// <summary>
    /// Number of heads selected in each sample: those of lowest spatial entropy. At least 1; default 10.
    /// </summary>
    public int HeadsPerSample { get; init; } = 10;

    /// <summary>
    /// A cell belongs to a component where it exceeds the map's mean by more than this. Not negative; default 0.001, what the source uses on
    /// 24 x 24 cells. The comparison is with attention weights as they are: on smaller grids cells hold more, on larger ones less.
    /// </summary>
    public double ComponentThreshold { get; init; } = 0.001;

    /// <summary>Which neighbors join a component. Default <see cref="Connectivity.Eight"/>, as in the source.</summary>
    public Connectivity Connectivity { get; init; } = Connectivity.Eight;

    /// <summary>
    /// First layer, from 0, whose heads are candidates. Default 0: all. Later work on 32 layers leaves out the first two.
    /// </summary>
    public int FirstLayer { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadsPerSample, 1, nameof(HeadsPerSample));
        if (!(ComponentThreshold >= 0 && double.IsFinite(ComponentThreshold)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ComponentThreshold), ComponentThreshold, $"{nameof(ComponentThreshold)} must be a finite number of at least 0.");
        }
        OptionChecks.Defined(Connectivity, nameof(Connectivity));
        ArgumentOutOfRangeException.ThrowIfNegative(FirstLayer, nameof(FirstLayer));
    }
}
