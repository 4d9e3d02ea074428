using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Comparison;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Rendering;
using MLNetGrounding.Results;

namespace MLNetGrounding;

/// <summary>Evaluates grounding: what <c>mlContext.Grounding</c> offers.</summary>
public sealed class GroundingCatalog
{
    private readonly IHostEnvironment _environment;

    internal GroundingCatalog(IHostEnvironment environment) => _environment = environment;

    /// <summary>
    /// Sums up the scores that <see cref="MpirEvaluatorTransformer"/> added to a view. The view is read once, row by row.
    /// </summary>
    /// <param name="data">A view with the three score columns.</param>
    /// <param name="hitColumnName">1 for a hit, 0 for a miss, NaN where not scored: floats <c>[queries]</c>.</param>
    /// <param name="areaColumnName">The region's share of the image's frame: floats <c>[queries]</c>.</param>
    /// <param name="mpirColumnName">1 / area for a hit, else 0: floats <c>[queries]</c>.</param>
    /// <returns>The metrics of each attribute and overall.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or the three are not float vectors of the same known
    /// size.</exception>
#pragma warning disable CA1822 // A catalog's methods are instance methods, so that they are found on the context.
    public GroundingMetrics Evaluate(
        IDataView data,
        string hitColumnName = GroundingColumns.Hit,
        string areaColumnName = GroundingColumns.Area,
        string mpirColumnName = GroundingColumns.Mpir
    )
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(data);
        return GroundingMetrics.Read(data, hitColumnName, areaColumnName, mpirColumnName);
    }

    /// <summary>
    /// Scores the maps of several methods, and baselines, on the same images and sums them up with intervals. The view is read once, row by
    /// row; of a row only its scores are kept, never a map.
    /// </summary>
    /// <param name="data">
    /// A view with the methods' maps and the columns that <see cref="MethodEvaluationOptions"/> names, by their default names.
    /// </param>
    /// <param name="methods">The methods. Default: every column named <c>GroundingMaps</c> or <c>GroundingMaps.NAME</c>.</param>
    /// <param name="regionThreshold">The headline's threshold: the region is where the map, scaled to 0..1, is at least this.</param>
    /// <param name="scoresPath">A CSV file for each image's scores, which an interrupted evaluation goes on from. Default: none.</param>
    /// <param name="furtherScores">Scores of one's own beside the library's. Default: none.</param>
    /// <returns>The scores of each method and baseline.</returns>
    /// <inheritdoc cref="EvaluateMethods(IDataView, MethodEvaluationOptions)" path="/exception"/>
    public MethodEvaluation EvaluateMethods(
        IDataView data,
        IReadOnlyList<EvaluatedMethod>? methods = null,
        double regionThreshold = MethodEvaluationOptions.Defaults.RegionThreshold,
        string? scoresPath = null,
        IReadOnlyList<GroundingScore>? furtherScores = null
    ) =>
        EvaluateMethods(
            data,
            new MethodEvaluationOptions
            {
                Methods = methods,
                RegionThreshold = regionThreshold,
                ScoresPath = scoresPath,
                FurtherScores = furtherScores ?? [],
            }
        );

    /// <summary>
    /// Scores the maps of several methods, and baselines, on the same images and sums them up with intervals. The view is read once, row by
    /// row; of a row only its scores are kept, never a map.
    /// </summary>
    /// <param name="data">A view with the columns that the options name.</param>
    /// <param name="options">What is read, scored and written.</param>
    /// <returns>The scores of each method and baseline.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, a column is missing or of another type or dimensions than expected, or the methods' queries differ.
    /// </exception>
    /// <exception cref="InvalidOperationException">The scores file was written with other settings, or two rows have the same image
    /// id.</exception>
    /// <exception cref="InvalidDataException">The scores file is damaged elsewhere than at its end.</exception>
    /// <exception cref="IOException">Another run holds the folder of the scores file, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The cancellation token of the options was canceled; what is in the scores file
    /// stays.</exception>
    public MethodEvaluation EvaluateMethods(IDataView data, MethodEvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        return MethodEvaluator.Run(_environment, data, options.CheckedCopy());
    }

    /// <summary>
    /// Compares the maps of several methods on images without annotations: how large their regions are, and how much they agree. The view is
    /// read once, row by row.
    /// </summary>
    /// <param name="data">A view with the methods' maps and the images' geometry.</param>
    /// <param name="options">What is read and said. Default: the defaults of <see cref="MapComparisonOptions"/>.</param>
    /// <returns>The areas of each method, and the agreement of every two.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, a column is missing or of another type or dimensions than expected, or the methods' queries differ.
    /// </exception>
    /// <exception cref="OperationCanceledException">The cancellation token of the options was canceled.</exception>
    public MapComparison CompareMaps(IDataView data, MapComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new MapComparisonOptions();
        options.Validate();
        return MapComparer.Run(_environment, data, options);
    }

    /// <summary>
    /// Learns where parts lie in the bounding box, for the baseline <c>MeanPartPosition</c>. Learn on other rows than are evaluated. Only
    /// annotations are read, no images.
    /// </summary>
    /// <param name="data">A view with the annotations.</param>
    /// <param name="queries">The queries. Default: all that the table, or the column of key points, has points for.</param>
    /// <param name="keyPointTable">
    /// For each query the indices of its key points. Default, and for queries that it lacks: as the column of key points says
    /// (<see cref="KeyPointDescription"/>), else the point of the query's name.
    /// </param>
    /// <param name="boundingBoxColumnName">x, y, width and height in pixels: floats <c>[4]</c>.</param>
    /// <param name="keyPointsColumnName">x and y of each key point in pixels: floats <c>[points, 2]</c>.</param>
    /// <param name="keyPointVisibleColumnName">1 for each visible key point, else 0: floats <c>[points]</c>.</param>
    /// <returns>A position for each query.</returns>
    /// <exception cref="ArgumentException">No queries are given, and the column of key points says of none which points it has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or not a float vector of known size.</exception>
    public IReadOnlyList<PartPosition> LearnPartPositions(
        IDataView data,
        IReadOnlyList<string>? queries = null,
        IReadOnlyDictionary<string, IReadOnlyList<int>>? keyPointTable = null,
        string boundingBoxColumnName = GroundingColumns.BoundingBox,
        string keyPointsColumnName = GroundingColumns.KeyPoints,
        string keyPointVisibleColumnName = GroundingColumns.KeyPointVisible
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        return PartPositionLearner.Learn(
            _environment,
            data,
            queries,
            keyPointTable,
            boundingBoxColumnName,
            keyPointsColumnName,
            keyPointVisibleColumnName
        );
    }

    /// <summary>Reads a pipeline's result image by image, for <see cref="GroundingFigures"/> and <see cref="GroundingReport"/>.</summary>
    /// <param name="data">A view with images, their geometry and final maps.</param>
    /// <param name="columns">Where the parts are found, or <see langword="null"/> for the default names.</param>
    /// <returns>
    /// The images in the order of the view, which is read as far as the result is; each is the caller's to dispose. Images that could not
    /// be decoded are left out.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The image, geometry or a map column is missing or of another type, or a map column
    /// carries other query names.</exception>
#pragma warning disable CA1822 // As above.
    public IEnumerable<GroundedImage> ReadImages(IDataView data, GroundedImageColumns? columns = null) =>
        new GroundedImageReader(data, columns ?? new GroundedImageColumns()).Read();
#pragma warning restore CA1822

    /// <summary>
    /// Writes a pipeline's result as overlays: for each image and query the map over the image, with its region. The view is read once, row
    /// by row.
    /// </summary>
    /// <param name="data">A view with images, their geometry and final maps.</param>
    /// <param name="folder">The folder to write to, made where there is none. Files of the same names are replaced, others stay.</param>
    /// <param name="regionThreshold">The region is where a map, scaled to 0..1, is at least this, from 0 to 1. Default 0.05.</param>
    /// <param name="columns">Where the parts are found, or <see langword="null"/> for the default names.</param>
    /// <returns>
    /// The PNG files, in the order of the rows: <c>NUMBER-IMAGE-NUMBER-QUERY.png</c>, where the view has several methods with the method's
    /// name before the query's. Images that could not be decoded, and maps that are not finite, have none.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The threshold is out of its range, or the image, geometry or a map column is missing or of another type.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
#pragma warning disable CA1822 // As above.
    public IReadOnlyList<string> SaveOverlays(
        IDataView data,
        string folder,
        double regionThreshold = GroundingEngineOptions.Defaults.RegionThreshold,
        GroundedImageColumns? columns = null
    )
#pragma warning restore CA1822
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        OptionChecks.Share(regionThreshold, nameof(regionThreshold));
        GroundedImageColumns places = (columns ?? new GroundedImageColumns()) with { Details = 0 };
        return OverlayFiles.Save(new GroundedImageReader(data, places).Read(), folder, regionThreshold);
    }

    /// <summary>
    /// Writes a pipeline's result as a report in one HTML file; see <see cref="GroundingReport"/>. The view is read once, row by row.
    /// </summary>
    /// <param name="data">A view with images, their geometry and final maps.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="options">What the report says and holds, or <see langword="null"/> for the defaults.</param>
    /// <param name="columns">
    /// Where the parts are found, or <see langword="null"/>: by their default names. Attention by layer and head is read for every image
    /// where the report shows heads (<see cref="GroundingReportOptions.HeadMap"/>, <see cref="GroundingReportOptions.Details"/>).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The image, geometry or a map column is missing or of another type, or a map column
    /// carries other query names.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteReport(IDataView data, string path, GroundingReportOptions? options = null, GroundedImageColumns? columns = null)
    {
        var report = new GroundingReport(options);
        bool showsHeads = options is null || options.HeadMap || options.Details > 0 || options.DetailsOf.Count > 0;
        var reader = new GroundedImageReader(data, columns ?? new GroundedImageColumns { Details = showsHeads ? int.MaxValue : 0 });
        foreach (GroundedImage image in reader.Read())
        {
            using (image)
            {
                report.Add(image);
            }
        }

        for (int failed = 0; failed < reader.LeftOut; failed++)
        {
            report.AddFailed();
        }

        if (report.KeyPoints is { } keyPoints)
        {
            using IChannel channel = _environment.Register(nameof(WriteReport)).Start(nameof(WriteReport));
            keyPoints.WarnOfUnscored(channel, nameof(WriteReport), nameof(GroundingReportOptions.KeyPointTable));
        }

        report.Save(path);
    }
}
