using System.Text.Json.Serialization;
using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Methods;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding;

/// <summary>
/// A way to make one map of an image per query out of a model's attention. All methods have the same stages: capture, head scores, head
/// aggregation, layer aggregation, mask, region; a method is a choice for each. Presets are in <see cref="GroundingMethods"/>, others are
/// derived from them, <c>GroundingMethods.Paper with { Name = "Mine", FirstLayerDepth = 0.25 }</c>, or written: a sealed record that
/// derives from this one, says in <see cref="Plan"/> what it needs of the model, and fills a map in <see cref="GroundQuery"/>.
/// </summary>
/// <remarks>
/// A method is immutable and used by several threads at a time. A pipeline with a method of one's own is saved and loaded once
/// <see cref="GroundingMethods.Register{TMethod}"/> has named it: its public properties that can be set are what is saved of it.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Kind")]
[JsonDerivedType(typeof(HierarchicalGrounding), "Hierarchical")]
[JsonDerivedType(typeof(TokenFlowGrounding), "TokenFlow")]
[JsonDerivedType(typeof(MeanAttentionGrounding), "MeanAttention")]
[JsonDerivedType(typeof(LocalizationHeadsGrounding), "LocalizationHeads")]
[JsonDerivedType(typeof(TokenActivationGrounding), "TokenActivation")]
public abstract record GroundingMethod
{
    /// <summary>For methods.</summary>
    protected GroundingMethod() { }

    /// <summary>The method's name: columns are named <c>GroundingMaps.</c> and this.</summary>
    public required string Name { get; init; }

    /// <summary>Where the method is published, and which of its choices are this library's.</summary>
    public string Source { get; init; } = "";

    /// <summary>
    /// Which token's attention is read. Default <see langword="null"/>: what the model's <see cref="GroundingProfile"/> says.
    /// </summary>
    public QueryRow? Row { get; init; }

    /// <summary>A smoothing of each query's map. Default <see langword="null"/>: none.</summary>
    public GaussianSmoothing? Smoothing { get; init; }

    /// <summary>What a query's map is compared with. Default <see cref="MapContrast.None"/>.</summary>
    public MapContrast Contrast { get; init; } = MapContrast.None;

    /// <summary>
    /// A filter against single bright cells, after <see cref="Contrast"/> and before <see cref="Sharpening"/>. Default
    /// <see langword="null"/>: none.
    /// </summary>
    public RankGaussianFilter? RankFilter { get; init; }

    /// <summary>A sharpening of each query's map, after everything else. Default <see langword="null"/>: none.</summary>
    public AttentionSharpening? Sharpening { get; init; }

    /// <summary>
    /// Takes attention away from sinks before anything else in the maps of the queried words; whole matrices of attention keep theirs. So
    /// it is not for methods that follow these, and <see cref="HierarchicalGrounding"/> computes its coarse mask with the sinks, but where
    /// <see cref="HierarchicalGrounding.Rollout"/> has a spatial form. Default <see langword="null"/>: none.
    /// </summary>
    public AttentionSinkRemoval? SinkRemoval { get; init; }

    /// <summary>
    /// Takes attention away from cells that stand out by about the same factor for every fine question and the one about nothing in
    /// particular, which is asked too. What is said of <see cref="SinkRemoval"/>, after which it comes, goes for it. Default
    /// <see langword="null"/>: none.
    /// </summary>
    public ConstantCellRemoval? ConstantCellRemoval { get; init; }

    /// <summary>What is taken out of maps before anything else.</summary>
    internal MapCleaning Cleaning => new(SinkRemoval, ConstantCellRemoval);

    /// <summary>
    /// How many images <c>Fit</c> reads at most for the method to learn from, with <see cref="CreateLearner"/>; 0 where it is ready.
    /// </summary>
    protected internal virtual int ImagesToFit => 0;

    /// <summary>The role of the query that maps are compared with, if any.</summary>
    protected QueryRole? ContrastRole =>
        Contrast switch
        {
            MapContrast.DividedByNeutral => QueryRole.Neutral,
            MapContrast.MinusBackground => QueryRole.Background,
            _ => null,
        };

    /// <summary>
    /// Says what the method needs of the capture. This one asks for <see cref="Row"/>, and for what <see cref="Contrast"/>,
    /// <see cref="SinkRemoval"/> and <see cref="ConstantCellRemoval"/> need; call it first.
    /// </summary>
    /// <param name="plan">Takes what is needed. The same for the same settings, always.</param>
    protected internal virtual void Plan(CapturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
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

    /// <summary>The maps of all fine queries, <c>[queries, cells]</c>; NaN where a map is not finite.</summary>
    /// <returns>The name of the first query whose map is not finite, or <see langword="null"/>.</returns>
    internal string? Ground(CapturedAttention attention, Span<float> maps)
    {
        float[] contrast = [];
        bool comparable = true;
        if (ContrastRole is { } role)
        {
            contrast = new float[attention.Cells];
            comparable = GroundSmoothly(attention, role, 0, contrast);
        }

        string? failed = null;
        for (int query = 0; query < attention.QueryCount(QueryRole.Fine); query++)
        {
            Span<float> map = maps.Slice(query * attention.Cells, attention.Cells);
            if (comparable && GroundSmoothly(attention, QueryRole.Fine, query, map))
            {
                MapContrasts.Apply(Contrast, map, contrast);
                RankFilter?.Apply(map, attention.Grid.Height, attention.Grid.Width);
                Sharpening?.Apply(map, attention.Grid.Height, attention.Grid.Width);
            }
            else
            {
                map.Fill(float.NaN);
                failed ??= attention.Query(QueryRole.Fine, query).Name;
            }
        }

        return failed;
    }

    /// <summary>
    /// Checks the settings; called when a pipeline is made or loaded. This one checks those of all methods; call it first.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is out of its range or contradicts another.</exception>
    protected internal virtual void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw new ArgumentException($"A grounding method has no name. Set {nameof(GroundingMethod)}.{nameof(Name)}.", nameof(Name));
        }

        if (Row is { } row && !Enum.IsDefined(row))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Row),
                row,
                $"{nameof(Row)} of method '{Name}' must be one of {string.Join(", ", Enum.GetNames<QueryRow>())}."
            );
        }

        OptionChecks.Defined(Contrast, nameof(Contrast));
        Smoothing?.Validate();
        RankFilter?.Validate();
        Sharpening?.Validate();
        SinkRemoval?.Validate();
        ConstantCellRemoval?.Validate();
    }

    /// <summary>Checks the settings against a model, before the first image. This one checks those of all methods; call it first.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">A setting does not fit the model.</exception>
    protected internal virtual void ValidateFor(ModelInfo model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (SinkRemoval?.Dimensions?.Any(dimension => dimension < 0 || dimension >= model.Width) == true)
        {
            throw new ArgumentException(
                $"{nameof(SinkRemoval)} of method '{Name}' names the elements {string.Join(", ", SinkRemoval.Dimensions)} of hidden states, which have {model.Width}, counted from 0."
            );
        }
    }

    /// <summary>Begins to learn, where <see cref="ImagesToFit"/> says so.</summary>
    protected internal virtual MethodLearner CreateLearner() => throw new NotSupportedException($"Method '{Name}' has nothing to learn.");

    /// <summary>
    /// Fills the map of one query. <see cref="Smoothing"/>, <see cref="Contrast"/>, <see cref="RankFilter"/> and <see cref="Sharpening"/>
    /// are applied to it afterwards. A map that is not finite becomes NaN and is counted in the log; it costs no other query's.
    /// </summary>
    /// <param name="attention">What <see cref="Plan"/> asked for.</param>
    /// <param name="role">The query's role: fine, or the one that <see cref="Contrast"/> compares with.</param>
    /// <param name="query">The query's number within its role, from 0.</param>
    /// <param name="map">Receives the map, <c>[gridHeight, gridWidth]</c>, of any scale; all 0 at first.</param>
    protected internal abstract void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map);

    /// <summary>One query's map as it is compared; <see langword="false"/> where it is not finite.</summary>
    private bool GroundSmoothly(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        map.Clear();
        GroundQuery(attention, role, query, map);
        if (!Numbers.AreFinite(map))
        {
            return false;
        }

        Smoothing?.Apply(map, attention.Grid.Height, attention.Grid.Width);
        return true;
    }
}
