using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Prediction;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>Grounds one image at a time: from an image, or a file, to maps, regions and scores with names and types.</summary>
/// <remarks>
/// Made by <c>mlContext.Model.CreateGroundingEngine</c>. It wraps ML.NET's <see cref="PredictionEngine{TSrc, TDst}"/> and is, like that,
/// for one thread at a time. Engines are cheap: make one per thread, or keep a pool of them, over one model
/// (<see cref="GroundingEngineOptions.OwnsModel"/> = <see langword="false"/>). All share its weights, and give the same values to the bit.
/// </remarks>
public sealed class GroundingEngine : IDisposable
{
    private readonly GroundingEngineOptions _options;
    private readonly IDisposable? _ownedModel;
    private readonly PredictionEngine<GroundingInput, GroundedColumns> _engine;
    private readonly string[] _queries;
    private readonly MapGrid _grid;
    private readonly int _points;
    private readonly bool _scores;
    private readonly ImageLoadingOptions _loading;

    internal GroundingEngine(ModelOperationsCatalog catalog, ITransformer model, GroundingEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
        _ownedModel = _options.OwnsModel ? model as IDisposable : null;
        _loading = Flatten(model).OfType<GroundingImageLoaderTransformer>().LastOrDefault()?.Loading ?? new ImageLoadingOptions();
        // A vector must have a size, also where nothing reads it.
        _points =
            _options.KeyPoints
            ?? Math.Max(1, Flatten(model).OfType<IUsesKeyPoints>().Select(step => step.KeyPoints).DefaultIfEmpty().Max());
        _engine = catalog.CreatePredictionEngine<GroundingInput, GroundedColumns>(
            WithoutImageLoading(model),
            new PredictionEngineOptions
            {
                IgnoreMissingColumns = true,
                InputSchemaDefinition = DescribeInput(),
                OutputSchemaDefinition = DescribeOutput(),
                OwnsTransformer = false,
            }
        );
        try
        {
            DataViewSchema.Column maps = Require(_options.GroundingMapsColumnName, nameof(_options.GroundingMapsColumnName));
            Require(_options.GeometryColumnName, nameof(_options.GeometryColumnName));
            int[] dimensions = [.. ((VectorDataViewType)maps.Type).Dimensions];
            if (dimensions.Length != 3)
            {
                throw SchemaMismatch.Because(
                    $"{nameof(GroundingEngine)}: column '{maps.Name}' has dimensions [{string.Join(", ", dimensions)}] instead of [queries, gridHeight, gridWidth]."
                );
            }

            _grid = new MapGrid(dimensions[1], dimensions[2]);
            IReadOnlyList<string> names = maps.GetQueryNames();
            _queries =
                names.Count == dimensions[0] ? [.. names] : [.. Enumerable.Range(0, dimensions[0]).Select(query => $"query {query}")];
            string[] scores = [_options.HitColumnName, _options.AreaColumnName, _options.MpirColumnName];
            _scores = scores.All(name => _engine.OutputSchema.GetColumnOrNull(name) is not null);
        }
        catch
        {
            _engine.Dispose();
            throw;
        }
    }

    /// <summary>The names of the queries, in the order of <see cref="GroundingPrediction.Queries"/>.</summary>
    public IReadOnlyList<string> QueryNames => _queries;

    /// <summary>Grounds an image.</summary>
    /// <param name="image">
    /// The image, whose pixels are taken as they are; it stays the caller's. <see cref="ImageFile.Load(string, ImageLoadingOptions?)"/>
    /// gives those that <see cref="Predict(string)"/> sees; ML.NET's own loaders neither turn images nor keep the colors of transparent
    /// pixels.
    /// </param>
    /// <returns>What the model looked at for each query. <see cref="GroundingPrediction.Failed"/> where it cannot be computed.</returns>
    /// <exception cref="ObjectDisposedException">The engine or its model was disposed.</exception>
    public GroundingPrediction Predict(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Predict(new GroundingInput { Image = image });
    }

    /// <summary>
    /// Grounds an image file, decoded as the model's image loader decodes it; where the model has none, by the default options.
    /// </summary>
    /// <param name="imagePath">A file of a format that <see cref="ImageFile"/> reads.</param>
    /// <returns>What the model looked at for each query. <see cref="GroundingPrediction.Failed"/> where it cannot be computed.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read or decoded; the message says why.</exception>
    /// <exception cref="ObjectDisposedException">The engine or its model was disposed.</exception>
    public GroundingPrediction Predict(string imagePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        using MLImage image = ImageFile.TryLoad(imagePath, _loading, out string? reason) ?? throw new InvalidDataException(reason);
        return Predict(image);
    }

    /// <summary>Grounds an image, and scores its regions on key points where those are given and the model scores.</summary>
    /// <param name="input">The image and its key points.</param>
    /// <returns>
    /// What the model looked at for each query. <see cref="GroundingPrediction.Failed"/> where it cannot be computed, without an image for
    /// example.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// There are fewer key points than the model needs, or not as many as <see cref="GroundingEngineOptions.KeyPoints"/> says, or not one
    /// visibility for each.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The engine or its model was disposed.</exception>
    public GroundingPrediction Predict(GroundingInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckKeyPoints(input);
        GroundedColumns row = _engine.Predict(
            new GroundingInput
            {
                Image = input.Image,
                KeyPoints = input.KeyPoints?[..(2 * _points)] ?? new float[2 * _points],
                KeyPointVisible = input.KeyPointVisible?[.._points] ?? new float[_points],
            }
        );
        return new GroundingPrediction(_queries, _grid, row, _options.RegionThreshold, _scores);
    }

    /// <summary>Releases the engine, and its model where <see cref="GroundingEngineOptions.OwnsModel"/> says so.</summary>
    public void Dispose()
    {
        _engine.Dispose();
        _ownedModel?.Dispose();
    }

    /// <summary>
    /// The model without the steps that load images by path: here the image is there already, and a loader would replace it.
    /// </summary>
    private static ITransformer WithoutImageLoading(ITransformer model)
    {
        ITransformer[] steps = [.. Flatten(model)];
        return steps.OfType<GroundingImageLoaderTransformer>().Any()
            ? new TransformerChain<ITransformer>([.. steps.Where(step => step is not GroundingImageLoaderTransformer)])
            : model;
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private void CheckKeyPoints(GroundingInput input)
    {
        if (input is { KeyPoints: { } given, KeyPointVisible: { } visibilities } && given.Length != 2 * visibilities.Length)
        {
            throw new ArgumentException(
                $"{nameof(input.KeyPoints)} has {given.Length} numbers and {nameof(input.KeyPointVisible)} {visibilities.Length}; "
                    + "expected x and y, and one visibility, of each point."
            );
        }

        Check(input.KeyPoints, 2, nameof(input.KeyPoints));
        Check(input.KeyPointVisible, 1, nameof(input.KeyPointVisible));

        void Check(float[]? values, int each, string name)
        {
            int expected = each * _points;
            if (values is null || values.Length == expected)
            {
                return;
            }

            if (_options.KeyPoints is not null)
            {
                throw new ArgumentException(
                    $"{name} has {values.Length} numbers, expected {expected}. {nameof(GroundingEngineOptions)}.{nameof(GroundingEngineOptions.KeyPoints)} says how many key points there are."
                );
            }

            if (values.Length < expected || values.Length % each != 0)
            {
                throw new ArgumentException(
                    $"{name} has {values.Length} numbers, expected at least {expected}: the model's tables name {_points} key points."
                );
            }
        }
    }

    private SchemaDefinition DescribeInput()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(GroundingInput));
        definition[nameof(GroundingInput.KeyPoints)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _points, 2);
        definition[nameof(GroundingInput.KeyPointVisible)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _points);
        Rename(definition, nameof(GroundingInput.Image), _options.ImageColumnName);
        Rename(definition, nameof(GroundingInput.KeyPoints), _options.KeyPointsColumnName);
        Rename(definition, nameof(GroundingInput.KeyPointVisible), _options.KeyPointVisibleColumnName);
        return definition;
    }

    private SchemaDefinition DescribeOutput()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(GroundedColumns));
        Rename(definition, nameof(GroundedColumns.GroundingMaps), _options.GroundingMapsColumnName);
        Rename(definition, nameof(GroundedColumns.Geometry), _options.GeometryColumnName);
        Rename(definition, nameof(GroundedColumns.Hit), _options.HitColumnName);
        Rename(definition, nameof(GroundedColumns.Area), _options.AreaColumnName);
        Rename(definition, nameof(GroundedColumns.Mpir), _options.MpirColumnName);
        return definition;
    }

    private static void Rename(SchemaDefinition definition, string member, string column) => definition[member].ColumnName = column;

    private DataViewSchema.Column Require(string name, string option) =>
        _engine.OutputSchema.GetColumnOrNull(name) is { Type: VectorDataViewType { IsKnownSize: true } } column
            ? column
            : throw SchemaMismatch.Because(
                $"{nameof(GroundingEngine)}: the model makes no vector column '{name}': {ColumnMakers.Of(name) ?? ColumnMakers.OfOption(option) ?? "append the component that makes it"}, or set {option}. It makes: {string.Join(", ", _engine.OutputSchema.Where(each => !each.IsHidden).Select(each => each.Name))}."
            );
}
