using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.Heads;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Keeps the attention heads that look at one compact place and joins those of each layer into one map, query by query
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1). A query whose attention holds NaN, infinite or
/// negative values gets NaN outputs; the others of its row are computed.
/// </summary>
public sealed class HeadSelectorTransformer : RowMapTransformer
{
    private const string Name = "HeadSelector";

    private static readonly string[] FineDimensions = ["queries", "layers", "heads", "gridHeight", "gridWidth"];

    private readonly HeadSelectorOptions _options;

    internal HeadSelectorTransformer(IHostEnvironment environment, HeadSelectorOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<HeadSelectorOptions>(
            Name,
            version: 2,
            (origin, settings) => new HeadSelectorTransformer(origin.Environment, settings.CheckedCopy())
        );

    private protected override object SavedSettings => _options;

    /// <summary>
    /// The heads that are kept in every row, the most frequent first: those that <see cref="HeadSelectorOptions.Fitting"/> learned or that
    /// <see cref="HeadSelectorOptions.Heads"/> states. <see langword="null"/> where heads are selected row by row.
    /// </summary>
    public IReadOnlyList<AttentionHead>? Heads => _options.Heads;

    /// <summary>
    /// Options for an extractor that runs only the decoder layers up to the last that holds one of <see cref="Heads"/>, and no flow, so
    /// that what is kept costs less and is the same. For grounding without a coarse rollout:
    /// <see cref="RolloutMaskerOptions.UniformMask"/>.
    /// </summary>
    /// <param name="extractor">The options of the extractor whose rows were learned from; they stay as they are.</param>
    /// <returns>A copy with <see cref="CaptureOptions.Layers"/> set and <see cref="CaptureOptions.Flow"/> unset.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Heads"/> is <see langword="null"/>.</exception>
    public AttentionExtractorOptions LimitLayers(AttentionExtractorOptions extractor)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        return Heads is { } heads
            ? extractor.With(extractor.Capture with { Layers = heads.Max(head => head.Layer) + 1, Flow = null })
            : throw new InvalidOperationException(
                $"This {Name} selects heads row by row, from all layers. Set {nameof(HeadSelectorOptions.Fitting)} or {nameof(HeadSelectorOptions.Heads)} to keep the same heads in every row."
            );
    }

    internal static InputColumn FineInput(HeadSelectorOptions options) =>
        new(Name, nameof(options.FineAttentionColumnName), options.FineAttentionColumnName, NumberDataViewType.Single, FineDimensions);

    internal static InputColumn CoarseInput(HeadSelectorOptions options) =>
        new(
            Name,
            nameof(options.CoarseAttentionColumnName),
            options.CoarseAttentionColumnName!,
            NumberDataViewType.Single,
            FineDimensions[1..]
        )
        {
            Remedy = CoarseColumns.NeedAnObject,
        };

    /// <summary>The outputs that the options ask for.</summary>
    internal static IReadOnlyList<(HeadSelectorOutput Kind, string Name)> OutputNames(HeadSelectorOptions options)
    {
        List<(HeadSelectorOutput, string)> outputs =
        [
            (HeadSelectorOutput.LayerMaps, options.LayerMapsColumnName),
            (HeadSelectorOutput.KeptHeads, options.KeptHeadsColumnName),
        ];
        if (options.EntropyColumnName is { } entropy)
        {
            outputs.Add((HeadSelectorOutput.Entropy, entropy));
        }

        if (options.CompactnessColumnName is { } compactness)
        {
            outputs.Add((HeadSelectorOutput.Compactness, compactness));
        }

        if (options.CoarseAttentionColumnName is not null)
        {
            outputs.Add((HeadSelectorOutput.CoarseLayerMaps, options.CoarseLayerMapsColumnName));
        }

        return outputs;
    }

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        InputColumn fineInput = FineInput(_options);
        DataViewSchema.Column fine = fineInput.Find(inputSchema);
        int[] dimensions = fineInput.DimensionsOf(fine, _options.AttentionDimensions, nameof(_options.AttentionDimensions));
        IReadOnlyList<string>? queries = ColumnAnnotations.QueryNames(fineInput, fine, dimensions[0], _options.QueryNames);
        RequireHeads(fine, dimensions);
        DataViewSchema.Column? coarse = null;
        if (_options.CoarseAttentionColumnName is not null)
        {
            InputColumn coarseInput = CoarseInput(_options);
            coarse = coarseInput.Find(inputSchema);
            IReadOnlyList<int>? stated = _options.AttentionDimensions is null ? null : dimensions[1..];
            int[] coarseDimensions = coarseInput.DimensionsOf(coarse.Value, stated, nameof(_options.AttentionDimensions));
            for (int index = 0; index < coarseDimensions.Length; index++)
            {
                coarseInput.RequireDimension(index, coarseDimensions[index], dimensions[index + 1], $"column '{fine.Name}'");
            }
        }

        return new Map(
            this,
            inputSchema,
            fine,
            coarse,
            dimensions,
            queries,
            _options.SelectionFor(fine),
            coarse is { } selected ? _options.SelectionForCoarse(selected) : null
        );
    }

    private void RequireHeads(DataViewSchema.Column fine, int[] dimensions)
    {
        foreach (AttentionHead head in Heads ?? [])
        {
            if (head.Layer >= dimensions[1] || head.Head >= dimensions[2])
            {
                throw SchemaMismatch.Because(
                    $"{Name}: head {head.Head} of layer {head.Layer} is to be kept, but column '{fine.Name}' has {dimensions[1]} layers of {dimensions[2]} heads, counted from 0. State {nameof(HeadSelectorOptions.Heads)} of this model, or learn them from its attention."
                );
            }
        }
    }

    private static DataViewSchema.DetachedColumn Describe(
        HeadSelectorOutput kind,
        string name,
        int[] dimensions,
        IReadOnlyList<string>? queries,
        HeadSelectionOptions? selection
    ) =>
        kind switch
        {
            HeadSelectorOutput.LayerMaps => ColumnAnnotations.Vector(
                name,
                [dimensions[0], dimensions[1], dimensions[3], dimensions[4]],
                ["query", "layer", "row", "column"],
                queries,
                builder => SelectionAnnotation.Add(builder, selection)
            ),
            HeadSelectorOutput.CoarseLayerMaps => ColumnAnnotations.Vector(
                name,
                [dimensions[1], dimensions[3], dimensions[4]],
                ["layer", "row", "column"],
                add: builder => SelectionAnnotation.Add(builder, selection)
            ),
            _ => ColumnAnnotations.Vector(name, dimensions[..3], ["query", "layer", "head"], queries),
        };

    private sealed class Map(
        HeadSelectorTransformer owner,
        DataViewSchema inputSchema,
        DataViewSchema.Column fine,
        DataViewSchema.Column? coarse,
        int[] dimensions,
        IReadOnlyList<string>? queries,
        HeadSelectionOptions selection,
        HeadSelectionOptions? coarseSelection
    )
        : RowMap(
            inputSchema,
            [
                .. OutputNames(owner._options)
                    .Select(output =>
                        Describe(
                            output.Kind,
                            output.Name,
                            dimensions,
                            queries,
                                // Heads that are stated are no selection to be held against others.
                                output.Kind == HeadSelectorOutput.CoarseLayerMaps
                                    ? coarseSelection
                                : owner.Heads is null ? selection
                                : null
                        )
                    ),
            ]
        )
    {
        private readonly HeadSelectorOutput[] _kinds = [.. OutputNames(owner._options).Select(output => output.Kind)];

        /// <summary>Per layer the heads that are kept in every row, ascending; null where they are selected row by row.</summary>
        public int[][]? HeadsOfLayer { get; } =
            owner.Heads is not { } kept
                ? null
                :
                [
                    .. Enumerable
                        .Range(0, dimensions[1])
                        .Select(layer => kept.Where(head => head.Layer == layer).Select(head => head.Head).Order().ToArray()),
                ];

        public DataViewSchema.Column Fine => fine;

        public DataViewSchema.Column? Coarse => coarse;

        public HeadSelectionOptions Selection => selection;

        public HeadSelectionOptions CoarseSelection => coarseSelection!;

        public int Queries => dimensions[0];

        public int Layers => dimensions[1];

        public int Heads => dimensions[2];

        public int GridHeight => dimensions[3];

        public int GridWidth => dimensions[4];

        public HeadSelectorOutput Kind(int output) => _kinds[output];

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) =>
            [Kind(output) == HeadSelectorOutput.CoarseLayerMaps ? coarse!.Value : fine];

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly HeadSelectorOptions _options;
        private readonly Map _map;
        private readonly FailedRows _failed;
        private readonly OncePerRow _fineStep;
        private readonly OncePerRow _coarseStep;
        private readonly bool[] _keptOfQuery;
        private readonly double[] _entropyOfQuery;
        private readonly double[] _compactnessOfQuery;
        private readonly HeadSelectionOptions _unconditional;
        private readonly float[] _statedMaps;
        private VectorInput? _fine;
        private VectorInput? _coarse;
        private float[] _layerMaps = [];
        private float[] _keptHeads = [];
        private float[] _entropy = [];
        private float[] _compactness = [];
        private float[] _coarseLayerMaps = [];

        public Mapper(HeadSelectorTransformer owner, Map map, DataViewRow row)
            : base(row)
        {
            _options = owner._options;
            _map = map;
            _failed = new FailedRows(owner.Host, Name, row);
            _fineStep = Once(SelectFine);
            _coarseStep = Once(SelectCoarse);
            _keptOfQuery = new bool[map.Layers * map.Heads];
            _entropyOfQuery = new double[map.Layers * map.Heads];
            _compactnessOfQuery = new double[map.Layers * map.Heads];
            _unconditional = map.Selection with
            {
                EntropyDirection = EntropyDirection.KeepHigh,
                EntropyThreshold = 0,
                CompactnessThreshold = 0,
                EmptyLayer = EmptyLayer.Zero,
            };
            int stated = map.HeadsOfLayer?.Max(heads => heads.Length) ?? 0;
            _statedMaps = new float[stated * map.GridHeight * map.GridWidth];
        }

        public override Delegate CreateGetter(int output)
        {
            HeadSelectorOutput kind = _map.Kind(output);
            if (kind == HeadSelectorOutput.CoarseLayerMaps)
            {
                _coarse ??= new VectorInput(Row, _map.Coarse!.Value);
                return VectorGetter(_coarseStep, () => _coarseLayerMaps);
            }

            _fine ??= new VectorInput(Row, _map.Fine);
            return kind switch
            {
                HeadSelectorOutput.LayerMaps => VectorGetter(_fineStep, () => _layerMaps),
                HeadSelectorOutput.KeptHeads => VectorGetter(_fineStep, () => _keptHeads),
                HeadSelectorOutput.Entropy => VectorGetter(_fineStep, () => _entropy),
                _ => VectorGetter(_fineStep, () => _compactness),
            };
        }

        protected override void DisposeCore() => _failed.Dispose();

        private void SelectFine()
        {
            int cells = _map.GridHeight * _map.GridWidth;
            int perQuery = _map.Layers * _map.Heads;
            _layerMaps = Sized(_layerMaps, _map.Queries * _map.Layers * cells);
            _keptHeads = Sized(_keptHeads, _map.Queries * perQuery);
            _entropy = Sized(_entropy, _map.Queries * perQuery);
            _compactness = Sized(_compactness, _map.Queries * perQuery);
            ReadOnlySpan<float> attention = _fine!.Read();
            for (int query = 0; query < _map.Queries; query++)
            {
                ReadOnlySpan<float> maps = attention.IsEmpty ? [] : attention.Slice(query * perQuery * cells, perQuery * cells);
                Span<float> kept = _keptHeads.AsSpan(query * perQuery, perQuery);
                Span<float> entropy = _entropy.AsSpan(query * perQuery, perQuery);
                Span<float> compactness = _compactness.AsSpan(query * perQuery, perQuery);
                Select(
                    maps,
                    _map.Selection,
                    _map.HeadsOfLayer,
                    _map.Fine,
                    _layerMaps.AsSpan(query * _map.Layers * cells, _map.Layers * cells),
                    kept,
                    entropy,
                    compactness
                );
            }
        }

        private void SelectCoarse()
        {
            _coarseLayerMaps = Sized(_coarseLayerMaps, _map.Layers * _map.GridHeight * _map.GridWidth);
            Select(_coarse!.Read(), _map.CoarseSelection, null, _map.Coarse!.Value, _coarseLayerMaps, [], [], []);
        }

        /// <summary>Head selection of one query, all its layers; the head outputs are left out where their spans are empty.</summary>
        private void Select(
            ReadOnlySpan<float> maps,
            HeadSelectionOptions options,
            int[][]? headsOfLayer,
            DataViewSchema.Column column,
            Span<float> layerMaps,
            Span<float> kept,
            Span<float> entropy,
            Span<float> compactness
        )
        {
            if (!RowValues.AreWeights(maps))
            {
                if (!RowValues.AreMarked(maps))
                {
                    _failed.Add($"'{column.Name}' holds values that are no attention: NaN, infinite or negative.");
                }

                layerMaps.Fill(float.NaN);
                kept.Fill(float.NaN);
                entropy.Fill(float.NaN);
                compactness.Fill(float.NaN);
                return;
            }

            (int heads, int cells) = (_map.Heads, _map.GridHeight * _map.GridWidth);
            bool withStatistics = _options.EntropyColumnName is not null || _options.CompactnessColumnName is not null;
            if (headsOfLayer is null || withStatistics)
            {
                QuerySelection.Select(
                    maps,
                    _map.Layers,
                    heads,
                    new MapGrid(_map.GridHeight, _map.GridWidth),
                    options,
                    layerMaps,
                    _keptOfQuery,
                    withStatistics ? _entropyOfQuery : [],
                    withStatistics ? _compactnessOfQuery : []
                );
            }

            for (int layer = 0; layer < _map.Layers && headsOfLayer is not null; layer++)
            {
                KeepStated(
                    maps.Slice(layer * heads * cells, heads * cells),
                    headsOfLayer[layer],
                    layerMaps.Slice(layer * cells, cells),
                    _keptOfQuery.AsSpan(layer * heads, heads)
                );
            }

            for (int head = 0; head < kept.Length; head++)
            {
                kept[head] = _keptOfQuery[head] ? 1 : 0;
                entropy[head] = (float)_entropyOfQuery[head];
                compactness[head] = (float)_compactnessOfQuery[head];
            }
        }

        /// <summary>Joins the maps of these heads of a layer, which are kept whatever their entropy and compactness.</summary>
        private void KeepStated(ReadOnlySpan<float> mapsOfLayer, int[] heads, Span<float> layerMap, Span<bool> kept)
        {
            layerMap.Clear();
            kept.Clear();
            if (heads.Length == 0)
            {
                return;
            }

            int cells = layerMap.Length;
            for (int index = 0; index < heads.Length; index++)
            {
                mapsOfLayer.Slice(heads[index] * cells, cells).CopyTo(_statedMaps.AsSpan(index * cells));
            }

            Span<bool> passed = stackalloc bool[heads.Length];
            HeadSelection.Select(
                _statedMaps.AsSpan(0, heads.Length * cells),
                heads.Length,
                _map.GridHeight,
                _map.GridWidth,
                _unconditional,
                layerMap,
                passed,
                [],
                []
            );
            for (int index = 0; index < heads.Length; index++)
            {
                kept[heads[index]] = passed[index];
            }
        }
    }
}
