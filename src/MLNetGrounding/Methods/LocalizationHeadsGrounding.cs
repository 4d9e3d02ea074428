using MLNetGrounding.Maths.Heads;

namespace MLNetGrounding;

/// <summary>
/// Methods that learn from images which few heads of the model look at what is asked about, and sum those heads
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025, arXiv 2503.06287).
/// </summary>
public sealed record LocalizationHeadsGrounding : GroundingMethod
{
    /// <summary>How the heads of one query of one image are chosen. Default: the source's.</summary>
    public LocalizationHeadOptions Localization { get; init; } = new();

    /// <summary>
    /// Whether the heads' maps are summed, as in the released code, or averaged; the order of cells is the same. Default
    /// <see langword="false"/>.
    /// </summary>
    public bool SumsHeads { get; init; }

    /// <summary>How many heads are joined: those that are chosen most often. At least 1; default 3.</summary>
    public int HeadCount { get; init; } = 3;

    /// <summary>
    /// How many images <c>Fit</c> reads at most, each with all fine queries. At least 1; default 100, with ten words the source's
    /// 1,000 samples.
    /// </summary>
    public int FittingImages { get; init; } = 100;

    /// <summary>The heads that are joined. Default <see langword="null"/>: learned by <c>Fit</c>.</summary>
    public IReadOnlyList<AttentionHead>? Heads { get; init; }

    /// <inheritdoc/>
    protected internal override int ImagesToFit => Heads is null ? FittingImages : 0;

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Localization.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FittingImages, 1);
        if (Heads is { Count: 0 })
        {
            throw new ArgumentException(
                $"{nameof(Heads)} of method '{Name}' is empty. Name at least one, or leave it null to have them learned.",
                nameof(Heads)
            );
        }
    }

    /// <inheritdoc/>
    protected internal override void ValidateFor(ModelInfo model)
    {
        base.ValidateFor(model);
        if (Localization.FirstLayer >= model.Layers)
        {
            throw new ArgumentException(
                $"Method '{Name}' chooses heads from layer {Localization.FirstLayer} on, but the model has {model.Layers} layers, counted from 0. Set a smaller {nameof(Localization)}.{nameof(Localization.FirstLayer)}."
            );
        }

        foreach (AttentionHead head in Heads ?? [])
        {
            if (head.Layer < 0 || head.Layer >= model.Layers || head.Head < 0 || head.Head >= model.Heads)
            {
                throw new ArgumentException(
                    $"Method '{Name}' sums head {head.Head} of layer {head.Layer}, but the model has {model.Layers} layers of {model.Heads} heads, counted from 0."
                );
            }
        }
    }

    /// <inheritdoc/>
    protected internal override MethodLearner CreateLearner() => new HeadLearner(this);

    /// <inheritdoc/>
    protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        ReadOnlySpan<float> maps = attention.Maps(role, query, Row, Cleaning);
        float[] heads = new float[Heads!.Count * map.Length];
        for (int index = 0; index < Heads.Count; index++)
        {
            int place = (Heads[index].Layer * attention.Heads + Heads[index].Head) * map.Length;
            maps.Slice(place, map.Length).CopyTo(heads.AsSpan(index * map.Length));
        }

        HeadMean.Of(heads, map);
        for (int cell = 0; SumsHeads && cell < map.Length; cell++)
        {
            map[cell] *= Heads.Count;
        }
    }

    private sealed class HeadLearner(LocalizationHeadsGrounding method) : MethodLearner
    {
        private HeadFrequency? _frequency;

        public override void Add(CapturedAttention attention)
        {
            _frequency ??= new HeadFrequency(attention.Layers, attention.Heads);
            bool[] selected = new bool[attention.Layers * attention.Heads];
            for (int query = 0; query < attention.QueryCount(QueryRole.Fine); query++)
            {
                ReadOnlySpan<float> maps = attention.Maps(QueryRole.Fine, query, method.Row, method.Cleaning);
                LocalizationHeads.Select(
                    maps,
                    attention.Layers,
                    attention.Heads,
                    attention.Grid.Height,
                    attention.Grid.Width,
                    method.Localization,
                    selected
                );
                _frequency.Add(selected);
            }
        }

        public override GroundingMethod Complete() =>
            _frequency?.MostFrequent(method.HeadCount) is { Count: > 0 } heads
                ? method with
                {
                    Heads = heads,
                }
                : throw new InvalidOperationException(
                    $"Method '{method.Name}' found no head to sum: {(_frequency is null ? "no image could be read" : $"none was chosen in {_frequency.Samples} samples")}. Give Fit images that can be read, or set {nameof(Heads)}."
                );
    }
}
