using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace MLNetGrounding;

/// <summary>
/// Runs images through LLaVA and extracts where its attention goes when it is asked about fine details: the first step of grounding
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3). Each row is run at most once, however many of its columns
/// are read; the flow matrices and patch features are computed only where their columns are read, and the geometry alone needs no model.
/// A row without an image, or whose attention is not finite, gets NaN outputs and is counted in the log.
/// </summary>
/// <remarks>
/// Holds a share of the model until disposed; a chain or a prediction engine disposes its transformers. One that was loaded from a saved model
/// opens its checkpoint when the first row is run, see <see cref="CheckpointLocator"/>: on the device that the <see cref="MLContext"/> that
/// loads it asks for, with the precision that was asked for when it was made.
/// </remarks>
public sealed class AttentionExtractorTransformer : RowMapTransformer
{
    internal const string Name = "AttentionExtractor";

    private readonly AttentionExtractorOptions _options;
    private readonly ModelSource _model;
    private readonly PreparedPrompt _prompt;

    internal AttentionExtractorTransformer(IHostEnvironment environment, AttentionExtractorOptions options, LlavaModel ownedModel)
        : base(environment, Name)
    {
        _options = options;
        _model = new ModelSource(ownedModel);
        try
        {
            _prompt = ownedModel.Prepare(options.AllQueries(), options.Capture);
        }
        catch
        {
            ownedModel.Dispose();
            throw;
        }
    }

    /// <summary>Makes a transformer that was saved; its model is opened when it is first needed.</summary>
    internal AttentionExtractorTransformer(IHostEnvironment environment, AttentionExtractorOptions options, ModelSource model, PreparedPrompt prompt)
        : base(environment, Name)
    {
        _options = options;
        _model = model;
        _prompt = prompt;
    }

    private protected override object SavedSettings => new SavedAttentionExtractor
    {
        Capture = SavedCapture.Of(Name, _model, _prompt),
        Columns = _options,
    };

    internal static InputColumn ImageInput(AttentionExtractorOptions options) =>
        new(Name, nameof(options.ImageColumnName), options.ImageColumnName, new ImageDataViewType());

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
        kind is AttentionExtractorOutput.FineAttention or AttentionExtractorOutput.NeutralAttention or AttentionExtractorOutput.BackgroundAttention;

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, ImageInput(_options).Find(inputSchema));

    private protected override void DisposeCore() => _model.Dispose();

    private DataViewSchema.DetachedColumn Describe(AttentionExtractorOutput kind, string name)
    {
        LlavaConfiguration model = _model.Configuration;
        (int layers, int heads, int grid) = (_options.Capture.Layers ?? model.TextLayers, model.TextHeads, model.Grid);
        return kind switch
        {
            AttentionExtractorOutput.FineAttention => Maps(_prompt.FineNames),
            AttentionExtractorOutput.NeutralAttention => Maps(_prompt.NeutralNames),
            AttentionExtractorOutput.BackgroundAttention => Maps(_prompt.BackgroundNames),
            AttentionExtractorOutput.CoarseAttention => ColumnAnnotations.Vector(
                name,
                [layers, heads, grid, grid],
                ["layer", "head", "row", "column"],
                add: builder => ColumnAnnotations.AddText(builder, GroundingAnnotations.CoarseName, _prompt.CoarseName!)),
            AttentionExtractorOutput.CoarseFlow => ColumnAnnotations.Vector(
                name,
                [layers, _prompt.FlowTokens, _prompt.FlowTokens],
                ["layer", "query token", "key token"],
                add: builder =>
                {
                    ColumnAnnotations.AddText(builder, GroundingAnnotations.CoarseName, _prompt.CoarseName!);
                    FlowAnnotation.Add(builder, _options.Capture.Flow!, _prompt.CoarsePositions);
                }),
            AttentionExtractorOutput.FlowRowSums => ColumnAnnotations.Vector(name, [layers, _prompt.FlowTokens], ["layer", "query token"]),
            AttentionExtractorOutput.Geometry => ColumnAnnotations.Vector(name, [ImageGeometry.Length], ["element"]),
            _ => ColumnAnnotations.Vector(name, [model.VisualTokens, model.TextHiddenSize], ["visual token", "element"]),
        };

        DataViewSchema.DetachedColumn Maps(IReadOnlyList<string> queries) =>
            ColumnAnnotations.Vector(name, [queries.Count, layers, heads, grid, grid], ["query", "layer", "head", "row", "column"], queries);
    }

    /// <summary>The prompt for what is asked of a row: a flow or features that nobody reads are not computed.</summary>
    private PreparedPrompt PromptFor(bool flow, bool features) => _prompt.With(
        _options.Capture with { Flow = flow ? _options.Capture.Flow : null, PatchFeatures = features, SuffixLogits = false });

    /// <summary>Makes what reads the image of each row that <paramref name="row"/> moves over.</summary>
    private Func<RowImage?> OpenImages(DataViewRow row, DataViewSchema.Column column) =>
        RowImage.Open(row, column, pixels => _model.Open().Preprocess(pixels, _options.Capture.Fit));

    private sealed class Map(AttentionExtractorTransformer owner, DataViewSchema inputSchema, DataViewSchema.Column image)
        : RowMap(inputSchema, [.. OutputNames(owner._options).Select(output => owner.Describe(output.Kind, output.Name))])
    {
        private readonly AttentionExtractorOutput[] _kinds = [.. OutputNames(owner._options).Select(output => output.Kind)];

        public AttentionExtractorOutput Kind(int output) => _kinds[output];

        public int Size(int output) => ((VectorDataViewType)Outputs[output].Type).Size;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [image];

        public override DataViewRowCursor ReadAhead(DataViewRowCursor source, bool[] active) => ReadAheadCursor<RowImage>.Over(
            source,
            active[..InputSchema.Count],
            owner._options.ReadAhead,
            () => owner.OpenImages(source, image),
            () => HostSettings.ThrowIfCanceled(owner.Host));

        public override RowMapper CreateMapper(DataViewRow row) =>
            new Mapper(owner, this, row, row as IRowInputs<RowImage> ?? new PresentRowInputs<RowImage>(owner.OpenImages(row, image)));
    }

    private sealed class Mapper : RowMapper
    {
        private readonly AttentionExtractorTransformer _owner;
        private readonly Map _map;
        private readonly FailedRows _failed;
        private readonly IRowInputs<RowImage> _images;
        private readonly OncePerRow _imageStep;
        private readonly OncePerRow _geometryStep;
        private readonly OncePerRow _captureStep;
        private readonly float[] _geometry = new float[ImageGeometry.Length];

        private RowImage? _image;
        private AttentionCapture? _capture;
        private PreparedPrompt? _prompt;
        private bool _withFlow;
        private bool _withFeatures;

        public Mapper(AttentionExtractorTransformer owner, Map map, DataViewRow row, IRowInputs<RowImage> images)
            : base(row)
        {
            _owner = owner;
            _map = map;
            _failed = new FailedRows(owner.Host, Name, row);
            _images = images;
            _imageStep = Once(ReadImage);
            _geometryStep = Once(ComputeGeometry);
            _captureStep = Once(Capture);
        }

        public override Delegate CreateGetter(int output)
        {
            AttentionExtractorOutput kind = _map.Kind(output);
            if (kind == AttentionExtractorOutput.Geometry)
            {
                return VectorGetter(_geometryStep, () => _geometry);
            }

            Require(
                flow: kind is AttentionExtractorOutput.CoarseFlow or AttentionExtractorOutput.FlowRowSums,
                features: kind == AttentionExtractorOutput.PatchFeatures);
            float[]? notComputed = null;
            return VectorGetter(_captureStep, () => Values(kind) ?? (notComputed ??= NotComputed(_map.Size(output))));
        }

        protected override void DisposeCore() => _failed.Dispose();

        private static float[] NotComputed(int size)
        {
            float[] values = new float[size];
            values.AsSpan().Fill(float.NaN);
            return values;
        }

        /// <summary>Widens what is captured of each row by what one more getter needs.</summary>
        private void Require(bool flow, bool features)
        {
            if (_prompt is null || (flow && !_withFlow) || (features && !_withFeatures))
            {
                _withFlow |= flow;
                _withFeatures |= features;
                _prompt = _owner.PromptFor(_withFlow, _withFeatures);
                _captureStep.Invalidate();
            }
        }

        private float[]? Values(AttentionExtractorOutput kind) => kind switch
        {
            AttentionExtractorOutput.FineAttention => _capture?.FineAttention,
            AttentionExtractorOutput.CoarseAttention => _capture?.CoarseAttention,
            AttentionExtractorOutput.CoarseFlow => _capture?.CoarseFlow,
            AttentionExtractorOutput.FlowRowSums => _capture?.FlowRowSums,
            AttentionExtractorOutput.NeutralAttention => _capture?.NeutralAttention,
            AttentionExtractorOutput.BackgroundAttention => _capture?.BackgroundAttention,
            _ => _capture?.PatchFeatures,
        };

        private void ReadImage()
        {
            _image = _images.Read();
            if (_image is null)
            {
                _failed.Add("there is no image.");
            }
        }

        private void ComputeGeometry()
        {
            _imageStep.Run();
            if (_image is null)
            {
                _geometry.AsSpan().Fill(float.NaN);
                return;
            }

            ImageGeometry
                .Create(_owner._options.Capture.Fit, _image.Width, _image.Height, _owner._model.Configuration.ImageSize)
                .CopyTo(_geometry);
        }

        private void Capture()
        {
            HostSettings.ThrowIfCanceled(_owner.Host);
            _imageStep.Run();
            _capture = null;
            _image?.Prepare();
            _images.ReadOn();
            if (_image is null)
            {
                return;
            }

            AttentionCapture capture = _owner._model.Open().CapturePreprocessed(_image.Preprocessed, _prompt!, _owner._options.CancellationToken);
            if (RowValues.AreFinite(_owner._options.HasFine ? capture.FineAttention : capture.CoarseAttention))
            {
                _capture = capture;
            }
            else
            {
                _failed.Add("the model's attention is not finite; try a wider precision.");
            }
        }
    }
}
