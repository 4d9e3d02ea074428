using System.Text.Json.Serialization;
using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Methods;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding;

/// <summary>
/// A way to make one map of an image per query out of a model's attention. All methods have the same stages: capture, head scores, head
/// aggregation, layer aggregation, mask, region; a method is a choice for each. Presets are in <see cref="GroundingMethods"/>, others are
/// derived from them, <c>GroundingMethods.Paper with { Name = "Mine", FirstLayerDepth = 0.25 }</c>.
/// </summary>
/// <remarks>
/// The record is closed: its kinds are <see cref="HierarchicalGrounding"/>, <see cref="TokenFlowGrounding"/>,
/// <see cref="MeanAttentionGrounding"/>, <see cref="LocalizationHeadsGrounding"/> and those that later releases add.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Kind")]
[JsonDerivedType(typeof(HierarchicalGrounding), "Hierarchical")]
[JsonDerivedType(typeof(TokenFlowGrounding), "TokenFlow")]
[JsonDerivedType(typeof(MeanAttentionGrounding), "MeanAttention")]
[JsonDerivedType(typeof(LocalizationHeadsGrounding), "LocalizationHeads")]
public abstract record GroundingMethod
{
    private protected GroundingMethod()
    {
    }

    /// <summary>The method's name: columns are named <c>GroundingMaps.</c> and this.</summary>
    public required string Name { get; init; }

    /// <summary>Where the method is published, and which of its choices are this library's.</summary>
    public string Source { get; init; } = "";

    /// <summary>Which token's attention is read. Default <see langword="null"/>: what the model's <see cref="GroundingProfile"/> says.</summary>
    public QueryRow? Row { get; init; }

    /// <summary>A smoothing of each query's map. Default <see langword="null"/>: none.</summary>
    public GaussianSmoothing? Smoothing { get; init; }

    /// <summary>What a query's map is compared with. Default <see cref="MapContrast.None"/>.</summary>
    public MapContrast Contrast { get; init; } = MapContrast.None;

    /// <summary>A sharpening of each query's map, after everything else. Default <see langword="null"/>: none.</summary>
    public AttentionSharpening? Sharpening { get; init; }

    /// <summary>
    /// Takes attention away from sinks before anything else in the maps of the queried words; whole matrices of attention keep theirs. So it is
    /// not for methods that follow these, and <see cref="HierarchicalGrounding"/> computes its coarse mask with the sinks, but where
    /// <see cref="HierarchicalGrounding.Rollout"/> has a spatial form. Default <see langword="null"/>: none.
    /// </summary>
    public AttentionSinkRemoval? SinkRemoval { get; init; }

    /// <summary>
    /// Takes attention away from cells that stand out by about the same factor for every fine question and the one about nothing in particular,
    /// which is asked too. What is said of <see cref="SinkRemoval"/>, after which it comes, goes for it. Default <see langword="null"/>: none.
    /// </summary>
    public ConstantCellRemoval? ConstantCellRemoval { get; init; }

    /// <summary>What is taken out of maps before anything else.</summary>
    internal MapCleaning Cleaning => new(SinkRemoval, ConstantCellRemoval);

    /// <summary>How many images the method has to learn from; 0 where it is ready.</summary>
    internal virtual int ImagesToFit => 0;

    /// <summary>The role of the query that maps are compared with, if any.</summary>
    private protected QueryRole? ContrastRole => Contrast switch
    {
        MapContrast.DividedByNeutral => QueryRole.Neutral,
        MapContrast.MinusBackground => QueryRole.Background,
        _ => null,
    };

    /// <summary>Says what the method needs of the capture.</summary>
    internal virtual void Plan(CapturePlan plan)
    {
        plan.NeedRow(Row);
        if (ContrastRole is { } role)
        {
            plan.NeedRole(role);
        }

        if (SinkRemoval is not null)
        {
            plan.NeedObserver(new SinkObserver(SinkRemoval));
        }

        if (ConstantCellRemoval is not null)
        {
            plan.NeedRole(QueryRole.Neutral);
        }
    }

    /// <summary>The maps of all fine queries, <c>[queries, cells]</c>.</summary>
    internal void Ground(CapturedAttention attention, Span<float> maps)
    {
        float[] contrast = [];
        if (ContrastRole is { } role)
        {
            contrast = new float[attention.Cells];
            GroundSmoothly(attention, role, 0, contrast);
        }

        for (int query = 0; query < attention.QueryCount(QueryRole.Fine); query++)
        {
            Span<float> map = maps.Slice(query * attention.Cells, attention.Cells);
            GroundSmoothly(attention, QueryRole.Fine, query, map);
            MapContrasts.Apply(Contrast, map, contrast);
            Sharpening?.Apply(map, attention.Grid.Height, attention.Grid.Width);
        }
    }

    /// <exception cref="ArgumentException">A setting is out of its range or contradicts another.</exception>
    internal virtual void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw new ArgumentException($"A grounding method has no name. Set {nameof(GroundingMethod)}.{nameof(Name)}.", nameof(Name));
        }

        if (Row is { } row && !Enum.IsDefined(row))
        {
            throw new ArgumentOutOfRangeException(nameof(Row), row, $"{nameof(Row)} of method '{Name}' must be one of {string.Join(", ", Enum.GetNames<QueryRow>())}.");
        }

        OptionChecks.Defined(Contrast, nameof(Contrast));
        Smoothing?.Validate();
        Sharpening?.Validate();
        SinkRemoval?.Validate();
        ConstantCellRemoval?.Validate();
    }

    /// <exception cref="ArgumentException">A setting does not fit the model.</exception>
    internal virtual void ValidateFor(ModelInfo model)
    {
        if (SinkRemoval?.Dimensions?.Any(dimension => dimension < 0 || dimension >= model.Width) == true)
        {
            throw new ArgumentException(
                $"{nameof(SinkRemoval)} of method '{Name}' names the elements {string.Join(", ", SinkRemoval.Dimensions)} of hidden states, which have {model.Width}, counted from 0.");
        }
    }

    /// <summary>Begins to learn, where <see cref="ImagesToFit"/> says so.</summary>
    internal virtual MethodLearner CreateLearner() => throw new NotSupportedException($"Method '{Name}' has nothing to learn.");

    /// <summary>The map of one query, <c>[cells]</c>, before anything is done that all methods have in common.</summary>
    private protected abstract void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map);

    private void GroundSmoothly(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        GroundQuery(attention, role, query, map);
        Smoothing?.Apply(map, attention.Grid.Height, attention.Grid.Width);
    }
}
