using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace MLNetGrounding;

/// <summary>
/// Grounds words in images by several methods at once. Each image is captured at most once for all methods whose columns are read, and what
/// only unread methods need is not computed. A row without an image, or whose attention is not finite, gets NaN outputs and is counted in
/// the log.
/// </summary>
/// <remarks>
/// Holds a share of the model until disposed; a chain or a prediction engine disposes its transformers. One that was loaded from a saved model
/// opens its checkpoint when the first row is run, see <see cref="CheckpointLocator"/>.
/// </remarks>
public sealed class MethodGrounderTransformer : RowMapTransformer
{
    internal const string Name = "MethodGrounder";

    private const int GeometryOutput = 0;

    private readonly MethodGrounderOptions _options;
    private readonly ModelSource _model;
    private readonly PreparedPrompt _prompt;
    private readonly QueryRow _defaultRow;

    internal MethodGrounderTransformer(IHostEnvironment environment, MethodGrounderOptions options, LlavaModel ownedModel)
        : base(environment, Name)
    {
        _options = options;
        _model = new ModelSource(ownedModel);
        _defaultRow = options.Capture.Row ?? ownedModel.Profile.Row;
        try
        {
            foreach (GroundingMethod method in options.Methods)
            {
                method.ValidateFor(ownedModel.Configuration);
            }

            CapturePlan plan = options.PlanOf(options.Methods, _defaultRow);
            _prompt = ownedModel.Prepare(options.QueriesFor(plan), plan.CaptureOf(options.Capture));
        }
        catch
        {
            ownedModel.Dispose();
            throw;
        }
    }

    /// <summary>Makes a transformer that was saved; its model is opened when it is first needed.</summary>
    internal MethodGrounderTransformer(IHostEnvironment environment, MethodGrounderOptions options, ModelSource model, PreparedPrompt prompt, QueryRow defaultRow)
        : base(environment, Name)
    {
        _options = options;
        _model = model;
        _prompt = prompt;
        _defaultRow = defaultRow;
    }

    /// <summary>The methods, as fitted.</summary>
    public IReadOnlyList<GroundingMethod> Methods => _options.Methods;

    internal static InputColumn ImageInput(MethodGrounderOptions options) =>
        new(Name, nameof(options.ImageColumnName), options.ImageColumnName, new ImageDataViewType());

    private protected override object SavedSettings => new SavedMethodGrounder
    {
        Capture = SavedCapture.Of(Name, _model, _prompt),
        DefaultRow = _defaultRow,
        Columns = _options,
    };

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, ImageInput(_options).Find(inputSchema));

    private protected override void DisposeCore() => _model.Dispose();

    /// <summary>Makes what reads the image of each row that <paramref name="row"/> moves over.</summary>
    private Func<RowImage?> OpenImages(DataViewRow row, DataViewSchema.Column column) =>
        RowImage.Open(row, column, pixels => _model.Open().Preprocess(pixels, _options.Capture.Fit));

    private IReadOnlyList<DataViewSchema.DetachedColumn> Describe()
    {
        int grid = _model.Configuration.Grid;
        return
        [
            ColumnAnnotations.Vector(_options.GeometryColumnName, [ImageGeometry.Length], ["element"]),
            .. _options.Methods.Select(method => ColumnAnnotations.Vector(
                _options.ColumnOf(method), [_prompt.FineNames.Count, grid, grid], ["query", "row", "column"], _prompt.FineNames)),
        ];
    }

    private sealed class Map(MethodGrounderTransformer owner, DataViewSchema inputSchema, DataViewSchema.Column image)
        : RowMap(inputSchema, owner.Describe())
    {
        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [image];

        public override DataViewRowCursor ReadAhead(DataViewRowCursor source, bool[] active) => ReadAheadCursor<RowImage>.Over(
            source,
            active[..InputSchema.Count],
            owner._options.ReadAhead,
            () => owner.OpenImages(source, image),
            () => HostSettings.ThrowIfCanceled(owner.Host));

        public override RowMapper CreateMapper(DataViewRow row) =>
            new Mapper(owner, row, row as IRowInputs<RowImage> ?? new PresentRowInputs<RowImage>(owner.OpenImages(row, image)));
    }

    private sealed class Mapper : RowMapper
    {
        private readonly MethodGrounderTransformer _owner;
        private readonly FailedRows _failed;
        private readonly IRowInputs<RowImage> _images;
        private readonly OncePerRow _imageStep;
        private readonly OncePerRow _geometryStep;
        private readonly OncePerRow _captureStep;
        private readonly float[] _geometry = new float[ImageGeometry.Length];

        // The methods whose columns are read, and what they need.
        private readonly HashSet<GroundingMethod> _active = [];
        private CapturePlan? _plan;
        private PreparedPrompt? _prompt;

        private RowImage? _image;
        private CapturedAttention? _attention;

        public Mapper(MethodGrounderTransformer owner, DataViewRow row, IRowInputs<RowImage> images)
            : base(row)
        {
            _owner = owner;
            _failed = new FailedRows(owner.Host, Name, row);
            _images = images;
            _imageStep = Once(ReadImage);
            _geometryStep = Once(ComputeGeometry);
            _captureStep = Once(Capture);
        }

        public override Delegate CreateGetter(int output)
        {
            if (output == GeometryOutput)
            {
                return VectorGetter(_geometryStep, () => _geometry);
            }

            GroundingMethod method = _owner._options.Methods[output - GeometryOutput - 1];
            Require(method);
            int cells = _owner._model.Configuration.Grid * _owner._model.Configuration.Grid;
            float[] maps = new float[_owner._prompt.FineNames.Count * cells];
            return VectorGetter(Once(() => Ground(method, maps)), () => maps);
        }

        protected override void DisposeCore() => _failed.Dispose();

        /// <summary>Widens what is captured of each row by what one more method needs.</summary>
        private void Require(GroundingMethod method)
        {
            if (_active.Add(method))
            {
                _plan = _owner._options.PlanOf(_active, _owner._defaultRow);
                _prompt = _owner._prompt.With(_plan.Needs, _owner._prompt.Options with { Observers = _plan.Observers });
                _captureStep.Invalidate();
            }
        }

        private void Ground(GroundingMethod method, float[] maps)
        {
            _captureStep.Run();
            if (_attention is null)
            {
                maps.AsSpan().Fill(float.NaN);
            }
            else
            {
                method.Ground(_attention, maps);
            }
        }

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
            _attention = null;
            _image?.Prepare();
            _images.ReadOn();
            if (_image is null)
            {
                return;
            }

            AttentionCapture capture = _owner._model.Open().CapturePreprocessed(_image.Preprocessed, _prompt!, _owner._options.CancellationToken);
            if (RowValues.AreFinite(capture.FineAttention))
            {
                _attention = new CapturedAttention(capture, _plan!, _owner._model.Configuration);
            }
            else
            {
                _failed.Add("the model's attention is not finite; try a wider precision.");
            }
        }
    }
}
