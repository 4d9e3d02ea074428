using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Prediction;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>Grounds one image at a time: from an image, or a file, to maps, regions, scores and predictions with names and types.</summary>
/// <remarks>
/// <para>
/// Made by <c>mlContext.Model.CreateGroundingEngine</c> of any fitted chain that makes maps of an image: loaded by this library or by
/// ML.NET's <c>LoadImages</c>, with or without scores, with or without a trained predictor behind the maps. Steps that need what an image
/// alone has not are left out, such as those that load by path and those that map the labels of training.
/// </para>
/// <para>
/// It wraps ML.NET's <see cref="PredictionEngine{TSrc, TDst}"/> and is, like that, for one thread at a time; a second one is refused.
/// Engines are cheap: make one per thread over one model (<see cref="GroundingEngineOptions.OwnsModel"/> = <see langword="false"/>), or
/// take them from a <see cref="GroundingEnginePool"/>. All share the model's weights, and give the same values to the bit.
/// </para>
/// </remarks>
public sealed class GroundingEngine : IDisposable
{
    private readonly object _gate = new();
    private readonly GroundingEngineOptions _options;
    private readonly IDisposable? _ownedModel;
    private readonly PredictionEngine<GroundingInput, GroundedColumns> _engine;
    private readonly string[] _queries;
    private readonly MapGrid _grid;
    private readonly int _points;
    private readonly bool _scores;
    private readonly PredictorColumns _predictor;
    private readonly ImageLoadingOptions _loading;
    private readonly bool _loadsAsMlNet;
    private bool _busy;
    private bool _disposed;

    internal GroundingEngine(ModelOperationsCatalog catalog, ITransformer model, GroundingEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
        _ownedModel = _options.OwnsModel ? model as IDisposable : null;
        ITransformer[] all = [.. EngineSteps.Flatten(model)];
        ImageLoadingOptions? loading = all.OfType<GroundingImageLoaderTransformer>().LastOrDefault()?.Loading;
        _loading = loading ?? new ImageLoadingOptions();
        _loadsAsMlNet = loading is null && all.OfType<ImageLoadingTransformer>().Any();

        // A vector must have a size, also where nothing reads it.
        _points = _options.KeyPoints ?? Math.Max(1, all.OfType<IUsesKeyPoints>().Select(step => step.KeyPoints).DefaultIfEmpty().Max());
        SchemaDefinition input = DescribeInput();
        EngineSteps steps = new(model, new MLContext().Data.LoadFromEnumerable(Array.Empty<GroundingInput>(), input).Schema);
        DataViewSchema.Column maps = Require(steps, _options.GroundingMapsColumnName, nameof(_options.GroundingMapsColumnName));
        Require(steps, _options.GeometryColumnName, nameof(_options.GeometryColumnName));
        int[] dimensions = [.. ((VectorDataViewType)maps.Type).Dimensions];
        if (dimensions.Length != 3)
        {
            throw SchemaMismatch.Because(
                $"{nameof(GroundingEngine)}: column '{maps.Name}' has dimensions [{string.Join(", ", dimensions)}] instead of [queries, gridHeight, gridWidth]."
            );
        }

        _grid = new MapGrid(dimensions[1], dimensions[2]);
        IReadOnlyList<string> names = maps.GetQueryNames();
        _queries = names.Count == dimensions[0] ? [.. names] : [.. Enumerable.Range(0, dimensions[0]).Select(query => $"query {query}")];
        string[] scores = [_options.HitColumnName, _options.AreaColumnName, _options.MpirColumnName];
        _scores = scores.All(name => steps.Schema.GetColumnOrNull(name) is not null);
        _predictor = new PredictorColumns(steps.Schema, _options);
        _engine = catalog.CreatePredictionEngine<GroundingInput, GroundedColumns>(
            steps.Model,
            new PredictionEngineOptions
            {
                IgnoreMissingColumns = true,
                InputSchemaDefinition = input,
                OutputSchemaDefinition = DescribeOutput(),
                OwnsTransformer = false,
            }
        );
    }

    /// <summary>The names of the queries, in the order of <see cref="GroundingPrediction.Queries"/>.</summary>
    public IReadOnlyList<string> QueryNames => _queries;

    internal bool IsDisposed
    {
        get
        {
            lock (_gate)
            {
                return _disposed;
            }
        }
    }

    /// <summary>Grounds an image.</summary>
    /// <param name="image">
    /// The image, whose pixels are taken as they are; it stays the caller's. <see cref="ImageFile.Load(string, ImageLoadingOptions?)"/>
    /// gives those that <see cref="Predict(string, CancellationToken)"/> sees; ML.NET's own loaders neither turn images nor keep the colors of transparent
    /// pixels.
    /// </param>
    /// <param name="cancellationToken">Stops the model, which looks at it between its layers.</param>
    /// <returns>What the model looked at for each query. <see cref="GroundingPrediction.Failed"/> where it cannot be computed.</returns>
    /// <exception cref="InvalidOperationException">Another thread is using the engine.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled; the engine can go on.</exception>
    /// <exception cref="ObjectDisposedException">The engine or its model was disposed.</exception>
    public GroundingPrediction Predict(MLImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Predict(new GroundingInput { Image = image }, cancellationToken);
    }

    /// <summary>
    /// Grounds an image file, decoded as the model's image loader decodes it, this library's or ML.NET's; where the model has none, by the
    /// default options.
    /// </summary>
    /// <param name="imagePath">A file of a format that <see cref="ImageFile"/> reads.</param>
    /// <param name="cancellationToken">Stops the model, which looks at it between its layers.</param>
    /// <returns>What the model looked at for each query. <see cref="GroundingPrediction.Failed"/> where it cannot be computed.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read or decoded; the message says why.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the engine.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled; the engine can go on.</exception>
    /// <exception cref="ObjectDisposedException">The engine or its model was disposed.</exception>
    public GroundingPrediction Predict(string imagePath, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        cancellationToken.ThrowIfCancellationRequested();
        using MLImage image = Load(imagePath);
        return Predict(image, cancellationToken);
    }

    /// <summary>Grounds an image, and scores its regions on key points where those are given and the model scores.</summary>
    /// <param name="input">The image and its key points.</param>
    /// <param name="cancellationToken">Stops the model, which looks at it between its layers.</param>
    /// <returns>
    /// What the model looked at for each query. <see cref="GroundingPrediction.Failed"/> where it cannot be computed, without an image for
    /// example.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// There are fewer key points than the model needs, or not as many as <see cref="GroundingEngineOptions.KeyPoints"/> says, or not one
    /// visibility for each.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread is using the engine.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled; the engine can go on.</exception>
    /// <exception cref="ObjectDisposedException">The engine or its model was disposed.</exception>
    public GroundingPrediction Predict(GroundingInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckKeyPoints(input);
        GroundingInput row = new()
        {
            Image = input.Image,
            KeyPoints = input.KeyPoints?[..(2 * _points)] ?? new float[2 * _points],
            KeyPointVisible = input.KeyPointVisible?[.._points] ?? new float[_points],
        };
        Enter();
        try
        {
            GroundedColumns columns = CallCancellation.Run(() => _engine.Predict(row), cancellationToken);
            return new GroundingPrediction(_queries, _grid, columns, _options.RegionThreshold, _scores, _predictor);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// Releases the engine, and its model where <see cref="GroundingEngineOptions.OwnsModel"/> says so. What another thread is computing
    /// with it is finished first, on that thread.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_busy)
            {
                return;
            }
        }

        Release();
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_busy)
            {
                throw new InvalidOperationException(
                    $"This {nameof(GroundingEngine)} is busy with another image: an engine is for one thread at a time. Take engines from a pool (mlContext.Model.CreateGroundingEnginePool), or make one for each thread over the same model (ownsModel: false)."
                );
            }

            _busy = true;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _busy = false;
            if (!_disposed)
            {
                return;
            }
        }

        Release();
    }

    private void Release()
    {
        _engine.Dispose();
        _ownedModel?.Dispose();
    }

    private MLImage Load(string path)
    {
        if (!_loadsAsMlNet)
        {
            return ImageFile.TryLoad(path, _loading, out string? reason) ?? throw new InvalidDataException(reason);
        }

        try
        {
            return MLImage.CreateFromFile(path);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}' cannot be read as an image: {exception.Message}", exception);
        }
    }

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
        var definition = SchemaDefinition.Create(typeof(GroundingInput));
        definition[nameof(GroundingInput.KeyPoints)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _points, 2);
        definition[nameof(GroundingInput.KeyPointVisible)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _points);
        Rename(definition, nameof(GroundingInput.Image), _options.ImageColumnName);
        Rename(definition, nameof(GroundingInput.KeyPoints), _options.KeyPointsColumnName);
        Rename(definition, nameof(GroundingInput.KeyPointVisible), _options.KeyPointVisibleColumnName);
        return definition;
    }

    private SchemaDefinition DescribeOutput()
    {
        var definition = SchemaDefinition.Create(typeof(GroundedColumns));
        Rename(definition, nameof(GroundedColumns.GroundingMaps), _options.GroundingMapsColumnName);
        Rename(definition, nameof(GroundedColumns.Geometry), _options.GeometryColumnName);
        Rename(definition, nameof(GroundedColumns.Hit), _options.HitColumnName);
        Rename(definition, nameof(GroundedColumns.Area), _options.AreaColumnName);
        Rename(definition, nameof(GroundedColumns.Mpir), _options.MpirColumnName);
        _predictor.Describe(definition);
        return definition;
    }

    private static void Rename(SchemaDefinition definition, string member, string column) => definition[member].ColumnName = column;

    private static DataViewSchema.Column Require(EngineSteps steps, string name, string option) =>
        steps.Schema.GetColumnOrNull(name) is { Type: VectorDataViewType { IsKnownSize: true } } column
            ? column
            : throw SchemaMismatch.Because(
                $"{nameof(GroundingEngine)}: the model makes no vector column '{name}': {ColumnMakers.Of(name) ?? ColumnMakers.OfOption(option) ?? "append the component that makes it"}, or set {option}. It makes: {string.Join(", ", steps.Schema.Where(each => !each.IsHidden).Select(each => each.Name))}. {steps.LeftOut}".TrimEnd()
            );
}
