using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Runs images through a vision-language model and extracts where its attention goes when it is asked about fine details: the first
/// step of grounding ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3). Each row is run at most once,
/// however many of its columns are read; the flow matrices and patch features are computed only where their columns are read, and the
/// geometry alone needs no model.
/// A row without an image, or whose attention is not finite, gets NaN outputs and is counted in the log.
/// </summary>
/// <remarks>
/// Holds a share of the model until disposed; a chain or a prediction engine disposes its transformers. One that was loaded from a saved
/// model opens its checkpoint when the first row is run, see <see cref="CheckpointLocator"/>: on the device that the
/// <see cref="MLContext"/> that loads it asks for, with the precision that was asked for when it was made.
/// </remarks>
public sealed class AttentionExtractorTransformer : RowMapTransformer
{
    internal const string Name = "AttentionExtractor";

    private readonly AttentionExtractorOptions _options;
    private readonly CaptureHost _capture;

    internal AttentionExtractorTransformer(
        IHostEnvironment environment,
        AttentionExtractorOptions options,
        ModelSource model,
        PreparedPrompt prompt
    )
        : base(environment, Saved)
    {
        _options = options;
        _capture = new CaptureHost(Host, Name, options, model, prompt);
    }

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<SavedAttentionExtractor>(Name, version: 3, (origin, settings) => settings.Create(origin), earliest: 3);

    private protected override object SavedSettings => new SavedAttentionExtractor { Capture = _capture.ToSaved(), Columns = _options };

    /// <summary>The outputs that the options ask for.</summary>
    internal static IReadOnlyList<(AttentionExtractorOutput Kind, string Name)> OutputNames(AttentionExtractorOptions options)
    {
        var outputs = new List<(AttentionExtractorOutput, string)>();
        if (options.HasFine)
        {
            outputs.Add((AttentionExtractorOutput.FineAttention, options.FineAttentionColumnName));
        }

        if (options.HasCoarse)
        {
            outputs.Add((AttentionExtractorOutput.CoarseAttention, options.CoarseAttentionColumnName));
            if (options.Capture.Flow is not null)
            {
                outputs.Add((AttentionExtractorOutput.CoarseFlow, options.CoarseFlowColumnName));
                outputs.Add((AttentionExtractorOutput.FlowRowSums, options.FlowRowSumsColumnName));
            }
        }

        outputs.Add((AttentionExtractorOutput.Geometry, options.GeometryColumnName));
        if (options.PatchFeaturesColumnName is { } features)
        {
            outputs.Add((AttentionExtractorOutput.PatchFeatures, features));
        }

        if (options.NeutralAttentionColumnName is { } neutral)
        {
            outputs.Add((AttentionExtractorOutput.NeutralAttention, neutral));
        }

        if (options.BackgroundAttentionColumnName is { } background)
        {
            outputs.Add((AttentionExtractorOutput.BackgroundAttention, background));
        }

        return outputs;
    }

    /// <summary>Whether the first dimension of an output counts queries.</summary>
    internal static bool HasQueryNames(AttentionExtractorOutput kind) =>
        kind
            is AttentionExtractorOutput.FineAttention
                or AttentionExtractorOutput.NeutralAttention
                or AttentionExtractorOutput.BackgroundAttention;

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        (AttentionExtractorOutput Kind, DataViewSchema.DetachedColumn Column)[] outputs =
        [
            .. OutputNames(_options).Select(output => (output.Kind, Describe(output.Kind, output.Name))),
        ];
        return new CaptureMap(
            _capture,
            inputSchema,
            [.. outputs.Select(output => output.Column)],
            (row, images) => new Mapper(this, outputs, row, images)
        );
    }

    private protected override void DisposeCore() => _capture.Dispose();

    private DataViewSchema.DetachedColumn Describe(AttentionExtractorOutput kind, string name)
    {
        (ModelInfo model, PreparedPrompt prompt) = (_capture.Model, _capture.Prompt);
        (int layers, int heads, MapGrid grid) = (prompt.Layers, model.Heads, prompt.Grid);
        return kind switch
        {
            AttentionExtractorOutput.FineAttention => Maps(prompt.FineNames),
            AttentionExtractorOutput.NeutralAttention => Maps(prompt.NeutralNames),
            AttentionExtractorOutput.BackgroundAttention => Maps(prompt.BackgroundNames),
            AttentionExtractorOutput.CoarseAttention => ColumnAnnotations.Vector(
                name,
                [layers, heads, grid.Height, grid.Width],
                ["layer", "head", "row", "column"],
                add: builder =>
                {
                    ColumnAnnotations.AddText(builder, GroundingAnnotations.CoarseName, prompt.CoarseName!);
                    SelectionAnnotation.Add(builder, _options.StatedHeadSelection);
                }
            ),
            AttentionExtractorOutput.CoarseFlow => ColumnAnnotations.Vector(
                name,
                [layers, prompt.FlowTokens, prompt.FlowTokens],
                ["layer", "query token", "key token"],
                add: builder =>
                {
                    ColumnAnnotations.AddText(builder, GroundingAnnotations.CoarseName, prompt.CoarseName!);
                    FlowAnnotation.Add(builder, _options.Captured.Flow!, prompt.CoarsePositions, prompt.Layout!);
                }
            ),
            AttentionExtractorOutput.FlowRowSums => ColumnAnnotations.Vector(name, [layers, prompt.FlowTokens], ["layer", "query token"]),
            AttentionExtractorOutput.Geometry => _capture.GeometryColumn,
            _ => ColumnAnnotations.Vector(name, [grid.Height, grid.Width, model.Width], ["row", "column", "element"]),
        };

        DataViewSchema.DetachedColumn Maps(IReadOnlyList<string> queries) =>
            ColumnAnnotations.Vector(
                name,
                [queries.Count, layers, heads, grid.Height, grid.Width],
                ["query", "layer", "head", "row", "column"],
                queries,
                builder => SelectionAnnotation.Add(builder, _options.StatedHeadSelection)
            );
    }

    /// <summary>The prompt for what is asked of a row: a flow or features that nobody reads are not computed.</summary>
    private PreparedPrompt PromptFor(bool flow, bool features) =>
        _capture.Prompt.With(
            _options.Captured with
            {
                Flow = flow ? _options.Captured.Flow : null,
                PatchFeatures = features,
                SuffixLogits = false,
            }
        );

    private sealed class Mapper(
        AttentionExtractorTransformer owner,
        (AttentionExtractorOutput Kind, DataViewSchema.DetachedColumn Column)[] outputs,
        DataViewRow row,
        IRowInputs<RowImage> images
    ) : CaptureMapper<AttentionCapture>(owner._capture, row, images)
    {
        private bool _asked;
        private bool _withFlow;
        private bool _withFeatures;

        public override Delegate CreateGetter(int output)
        {
            (AttentionExtractorOutput kind, DataViewSchema.DetachedColumn column) = outputs[output];
            if (kind == AttentionExtractorOutput.Geometry)
            {
                return GeometryGetter();
            }

            Require(
                flow: kind is AttentionExtractorOutput.CoarseFlow or AttentionExtractorOutput.FlowRowSums,
                features: kind == AttentionExtractorOutput.PatchFeatures
            );
            float[]? notComputed = null;
            return VectorGetter(CaptureStep, () => Values(kind) ?? (notComputed ??= NotComputed(((VectorDataViewType)column.Type).Size)));
        }

        protected override AttentionCapture? Take(AttentionCapture capture) => capture.IsFinite() ? capture : null;

        private static float[] NotComputed(int size)
        {
            float[] values = new float[size];
            values.AsSpan().Fill(float.NaN);
            return values;
        }

        /// <summary>Widens what is captured of each row by what one more getter needs.</summary>
        private void Require(bool flow, bool features)
        {
            if (!_asked || (flow && !_withFlow) || (features && !_withFeatures))
            {
                _asked = true;
                _withFlow |= flow;
                _withFeatures |= features;
                Ask(owner.PromptFor(_withFlow, _withFeatures));
            }
        }

        private float[]? Values(AttentionExtractorOutput kind) =>
            kind switch
            {
                AttentionExtractorOutput.FineAttention => Captured?.FineAttention,
                AttentionExtractorOutput.CoarseAttention => Captured?.CoarseAttention,
                AttentionExtractorOutput.CoarseFlow => Captured?.CoarseFlow,
                AttentionExtractorOutput.FlowRowSums => Captured?.FlowRowSums,
                AttentionExtractorOutput.NeutralAttention => Captured?.NeutralAttention,
                AttentionExtractorOutput.BackgroundAttention => Captured?.BackgroundAttention,
                _ => Captured?.PatchFeatures,
            };
    }
}
