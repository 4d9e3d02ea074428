using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.Rollout;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Finds where the coarse word's attention comes from over all layers, and sums the fine words' layer maps with weights from there
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1.2, equations 2 to 4). Where the inputs of a row or of
/// one of its queries hold NaN or infinite values, the outputs that depend on them are NaN.
/// </summary>
public sealed class RolloutMaskerTransformer : RowMapTransformer
{
    private const string Name = "RolloutMasker";
    private const int MaskOutput = 0;

    private const string Remedy =
        $"{CoarseColumns.NeedAnObject} Or set {nameof(RolloutMaskerOptions.UniformMask)} to sum up the layer maps without a mask.";

    private static readonly string[] LayerMapAxes = ["queries", "layers", "gridHeight", "gridWidth"];

    private readonly RolloutMaskerOptions _options;

    internal RolloutMaskerTransformer(IHostEnvironment environment, RolloutMaskerOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<RolloutMaskerOptions>(
            Name,
            version: 1,
            (origin, settings) => new RolloutMaskerTransformer(origin.Environment, settings.CheckedCopy())
        );

    private protected override object SavedSettings => _options;

    internal static IEnumerable<InputColumn> InputsOf(RolloutMaskerOptions options) => [LayerMapInput(options), .. MaskInputs(options)];

    private static InputColumn LayerMapInput(RolloutMaskerOptions options) =>
        new(Name, nameof(options.LayerMapsColumnName), options.LayerMapsColumnName, NumberDataViewType.Single, LayerMapAxes);

    /// <summary>What the mask is computed from: nothing, a mask, the coarse layer maps, the flow, or the flow and its row sums.</summary>
    private static InputColumn[] MaskInputs(RolloutMaskerOptions options)
    {
        if (options.UniformMask)
        {
            return [];
        }

        if (options.MaskInputColumnName is { } mask)
        {
            return [new(Name, nameof(options.MaskInputColumnName), mask, NumberDataViewType.Single, LayerMapAxes[2..])];
        }

        if (options.Rollout.Form != RolloutForm.Tokens)
        {
            return
            [
                new(
                    Name,
                    nameof(options.CoarseLayerMapsColumnName),
                    options.CoarseLayerMapsColumnName,
                    NumberDataViewType.Single,
                    LayerMapAxes[1..]
                )
                {
                    Remedy = Remedy,
                },
            ];
        }

        var flow = new InputColumn(
            Name,
            nameof(options.CoarseFlowColumnName),
            options.CoarseFlowColumnName,
            NumberDataViewType.Single,
            ["layers", "tokens", "tokens"]
        )
        {
            Remedy = Remedy,
        };
        var sums = new InputColumn(
            Name,
            nameof(options.FlowRowSumsColumnName),
            options.FlowRowSumsColumnName,
            NumberDataViewType.Single,
            ["layers", "tokens"]
        )
        {
            Remedy = Remedy,
        };
        return options.Rollout.RowNormalized ? [flow, sums] : [flow];
    }

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        InputColumn layerMapInput = LayerMapInput(_options);
        DataViewSchema.Column layerMaps = layerMapInput.Find(inputSchema);
        int[] dimensions = layerMapInput.DimensionsOf(layerMaps, _options.LayerMapDimensions, nameof(_options.LayerMapDimensions));
        if (_options.Aggregation.FirstLayer >= dimensions[1])
        {
            throw SchemaMismatch.Because(
                $"{Name}: {nameof(AggregationOptions.FirstLayer)} is {_options.Aggregation.FirstLayer}, but column '{layerMaps.Name}' has {dimensions[1]} layers, counted from 0. Lower it."
            );
        }

        if (
            !_options.UniformMask
            && _options.MaskInputColumnName is null
            && CoarseConstraint.Refusal(_options.Rollout, new MapGrid(dimensions[2], dimensions[3])) is { } refusal
        )
        {
            throw SchemaMismatch.Because($"{Name}: column '{layerMaps.Name}': {refusal}");
        }

        IReadOnlyList<string>? queries = ColumnAnnotations.QueryNames(layerMapInput, layerMaps, dimensions[0], _options.QueryNames);
        InputColumn[] inputs = MaskInputs(_options);
        DataViewSchema.Column[] columns = Array.ConvertAll(inputs, input => input.Find(inputSchema));
        int tokens = 0;
        int[] positions = [];
        VisualLayout? layout = null;
        if (!_options.UniformMask && _options.MaskInputColumnName is null && _options.Rollout.Form == RolloutForm.Tokens)
        {
            layout = FlowAnnotation.Layout(columns[0]);
            if (layout is not null && layout.Grid != new MapGrid(dimensions[2], dimensions[3]))
            {
                throw SchemaMismatch.Because(
                    $"{Name}: the visual tokens of column '{columns[0].Name}' show {layout.Grid} cells, the maps of column '{layerMaps.Name}' have {new MapGrid(dimensions[2], dimensions[3])}. Extract both from the same model."
                );
            }

            tokens = BindFlow(inputs, columns, dimensions, layout, out positions);
            RequireSameSelection(layerMaps, columns[0]);
        }
        else if (inputs.Length == 1)
        {
            // The mask or the coarse layer maps: their dimensions are the last of the layer maps'.
            int[] expected = dimensions[(4 - inputs[0].Dimensions!.Length)..];
            int[] actual = inputs[0].DimensionsOf(columns[0], IsFlat(columns[0]) ? expected : null, nameof(_options.LayerMapDimensions));
            for (int index = 0; index < actual.Length; index++)
            {
                inputs[0].RequireDimension(index, actual[index], expected[index], $"column '{layerMaps.Name}'");
            }
        }

        return new Map(this, inputSchema, layerMaps, columns, dimensions, tokens, positions, layout, queries);
    }

    private int BindFlow(
        InputColumn[] inputs,
        DataViewSchema.Column[] columns,
        int[] layerMapDimensions,
        VisualLayout? layout,
        out int[] positions
    )
    {
        (InputColumn input, DataViewSchema.Column flow) = (inputs[0], columns[0]);
        int layers = layerMapDimensions[1];
        int cells = layout?.Tokens ?? layerMapDimensions[2] * layerMapDimensions[3];
        int size = ((VectorDataViewType)flow.Type).Size;
        int side = (int)Math.Round(Math.Sqrt((double)size / layers));
        int[] dimensions = input.DimensionsOf(flow, IsFlat(flow) ? [layers, side, side] : null, "the layers of the layer maps");
        input.RequireDimension(0, dimensions[0], layers, $"column '{_options.LayerMapsColumnName}'");
        int tokens = dimensions[1];
        if (dimensions[2] != tokens || tokens < cells)
        {
            throw input.Mismatch(
                $"[{string.Join(", ", dimensions)}], while its matrices must be square and begin with the {cells} visual tokens of the grid"
            );
        }

        if (inputs.Length > 1)
        {
            int[] sums = inputs[1].DimensionsOf(columns[1], IsFlat(columns[1]) ? [layers, tokens] : null, "the flow's dimensions");
            inputs[1].RequireDimension(0, sums[0], layers, $"column '{flow.Name}'");
            inputs[1].RequireDimension(1, sums[1], tokens, $"column '{flow.Name}'");
        }

        positions = CoarsePositions(flow, tokens);
        RequireExpectedFlow(flow);
        return tokens;
    }

    private int[] CoarsePositions(DataViewSchema.Column flow, int tokens)
    {
        int[]? annotated = FlowAnnotation.Positions(flow);
        int[]? stated = _options.CoarsePositions?.ToArray();
        if (annotated is not null && stated is not null && !_options.AllowFlowMismatch && !annotated.SequenceEqual(stated))
        {
            throw SchemaMismatch.Because(
                $"{Name}: {nameof(_options.CoarsePositions)} is [{string.Join(", ", stated)}], but column '{flow.Name}' says that its coarse word is at [{string.Join(", ", annotated)}]. Leave the option unset, or set {nameof(_options.AllowFlowMismatch)}."
            );
        }

        int[] positions = stated ?? annotated ?? [tokens - 1];
        return positions.Length > 0 && positions.All(position => position >= 0 && position < tokens)
            ? positions
            : throw SchemaMismatch.Because(
                $"{Name}: the coarse word's positions [{string.Join(", ", positions)}] must be rows of column '{flow.Name}', from 0 to {tokens - 1}. Set {nameof(_options.CoarsePositions)}."
            );
    }

    private void RequireExpectedFlow(DataViewSchema.Column flow)
    {
        if (
            _options.ExpectedFlow is { } expected
            && !_options.AllowFlowMismatch
            && FlowAnnotation.Options(flow) is { } actual
            && actual != expected
        )
        {
            throw SchemaMismatch.Because(
                $"{Name}: column '{flow.Name}' was built with {FlowAnnotation.Text(actual)}, but {nameof(_options.ExpectedFlow)} is {FlowAnnotation.Text(expected)}. Extract the attention again with these settings, or set {nameof(_options.AllowFlowMismatch)}."
            );
        }
    }

    /// <summary>Fine and coarse words whose heads were selected otherwise are no longer the method, unless that is meant.</summary>
    private void RequireSameSelection(DataViewSchema.Column layerMaps, DataViewSchema.Column flow)
    {
        if (
            !_options.AllowFlowMismatch
            && FlowAnnotation.Options(flow) is { Heads: FlowHeads.KeptMaximum or FlowHeads.KeptMean, HeadSelection: var coarse }
            && SelectionAnnotation.Of(layerMaps) is { } fine
            && fine != coarse
        )
        {
            throw SchemaMismatch.Because(
                $"{Name}: the heads of column '{layerMaps.Name}' were selected with {SelectionAnnotation.Text(fine)}, those of the coarse word in column '{flow.Name}' with {SelectionAnnotation.Text(coarse)}. Set {nameof(AttentionExtractorOptions.HeadSelection)} of {nameof(AttentionExtractorOptions)} and leave that of {nameof(HeadSelectorOptions)} unset, or set {nameof(_options.AllowFlowMismatch)}."
            );
        }
    }

    private static bool IsFlat(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Dimensions.Length == 1;

    private sealed class Map(
        RolloutMaskerTransformer owner,
        DataViewSchema inputSchema,
        DataViewSchema.Column layerMaps,
        DataViewSchema.Column[] maskInputs,
        int[] dimensions,
        int tokens,
        int[] positions,
        VisualLayout? layout,
        IReadOnlyList<string>? queries
    )
        : RowMap(
            inputSchema,
            [
                ColumnAnnotations.Vector(owner._options.CoarseMaskColumnName, dimensions[2..], ["row", "column"]),
                ColumnAnnotations.Vector(
                    owner._options.GroundingMapsColumnName,
                    [dimensions[0], dimensions[2], dimensions[3]],
                    ["query", "row", "column"],
                    queries
                ),
            ]
        )
    {
        public DataViewSchema.Column LayerMaps => layerMaps;

        public DataViewSchema.Column[] MaskInputs => maskInputs;

        public int Queries => dimensions[0];

        public int Layers => dimensions[1];

        public int GridHeight => dimensions[2];

        public int GridWidth => dimensions[3];

        public int Tokens => tokens;

        public int[] Positions => positions;

        /// <summary>What the visual tokens show; <see langword="null"/> where each shows one cell, row by row.</summary>
        public VisualLayout? Layout => layout;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) =>
            output == MaskOutput ? maskInputs : [layerMaps, .. maskInputs];

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly RolloutMaskerOptions _options;
        private readonly Map _map;
        private readonly FailedRows _failed;
        private readonly OncePerRow _maskStep;
        private readonly OncePerRow _mapStep;
        private readonly VectorInput[] _maskInputs;
        private readonly CoarseConstraint _constraint;
        private readonly float[] _mask;
        private readonly float[] _tokenMask;
        private readonly float[] _groundingMaps;
        private VectorInput? _layerMaps;

        public Mapper(RolloutMaskerTransformer owner, Map map, DataViewRow row)
            : base(row)
        {
            _options = owner._options;
            _map = map;
            _constraint = new CoarseConstraint(
                _options.Rollout,
                _options.Aggregation,
                map.Layers,
                new MapGrid(map.GridHeight, map.GridWidth)
            );
            _failed = new FailedRows(owner.Host, Name, row);
            _maskStep = Once(ComputeMask);
            _mapStep = Once(ComputeMaps);
            _maskInputs = Array.ConvertAll(map.MaskInputs, column => new VectorInput(row, column));
            _mask = new float[map.GridHeight * map.GridWidth];
            _tokenMask = map.Layout is { } layout ? new float[layout.Tokens] : _mask;
            _groundingMaps = new float[map.Queries * _mask.Length];
        }

        public override Delegate CreateGetter(int output)
        {
            if (output == MaskOutput)
            {
                return VectorGetter(_maskStep, () => _mask);
            }

            _layerMaps ??= new VectorInput(Row, _map.LayerMaps);
            return VectorGetter(_mapStep, () => _groundingMaps);
        }

        protected override void DisposeCore() => _failed.Dispose();

        private void ComputeMask()
        {
            if (_options.UniformMask)
            {
                _mask.AsSpan().Fill(1);
                return;
            }

            ReadOnlySpan<float> first = _maskInputs[0].Read();
            ReadOnlySpan<float> second = _maskInputs.Length > 1 ? _maskInputs[1].Read() : [];
            if (!_failed.IsUsable(first, _map.MaskInputs[0]) || (_maskInputs.Length > 1 && !_failed.IsUsable(second, _map.MaskInputs[1])))
            {
                _mask.AsSpan().Fill(float.NaN);
            }
            else if (_options.MaskInputColumnName is not null)
            {
                first.CopyTo(_mask);
            }
            else
            {
                RollOut(first, second);
            }
        }

        private void RollOut(ReadOnlySpan<float> attention, ReadOnlySpan<float> rowSums)
        {
            try
            {
                if (_options.Rollout.Form == RolloutForm.Tokens)
                {
                    _constraint.MaskByFlow(attention, rowSums, _map.Tokens, _map.Positions, _tokenMask);
                    _map.Layout?.ApplyMask(_tokenMask, _mask);
                }
                else
                {
                    _constraint.MaskByLayers(attention, _mask);
                }
            }
            catch (ArgumentException exception)
            {
                // Negative row sums, or finite numbers whose products are not.
                _failed.Add(exception.Message);
                _mask.AsSpan().Fill(float.NaN);
            }
        }

        private void ComputeMaps()
        {
            _maskStep.Run();
            bool masked = RowValues.AreFinite(_mask);
            ReadOnlySpan<float> layerMaps = _layerMaps!.Read();
            int perQuery = _map.Layers * _mask.Length;
            for (int query = 0; query < _map.Queries; query++)
            {
                ReadOnlySpan<float> maps = layerMaps.IsEmpty ? [] : layerMaps.Slice(query * perQuery, perQuery);
                Span<float> groundingMap = _groundingMaps.AsSpan(query * _mask.Length, _mask.Length);
                if (masked && _failed.IsUsable(maps, _map.LayerMaps))
                {
                    _constraint.Ground(maps, _mask, groundingMap);
                }
                else
                {
                    groundingMap.Fill(float.NaN);
                }
            }
        }
    }
}
