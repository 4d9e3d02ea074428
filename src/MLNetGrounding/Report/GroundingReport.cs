using MLNetGrounding.Comparison;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Report;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>
/// A report in one HTML file, which needs no server and no network: scores with their intervals, a gallery of all maps, for images that
/// come with their <see cref="GroundedImage.Layers"/> every layer and head, and for those with <see cref="GroundedImage.Answers"/> the
/// sentences, in which a word is chosen to see its map. Images are added one by one and not kept; names are shown as text, whatever they
/// hold.
/// </summary>
public sealed class GroundingReport
{
    private readonly GroundingReportOptions _options;
    private readonly ShownImages _shown;
    private ReportScores? _scores;
    private HeadTable? _heads;
    private (int Layers, int Heads)? _layers;
    private string[] _queries = [];
    private string[] _methods = [];
    private MapGrid _grid;
    private int _total;
    private int _failed;
    private int _constantMaps;
    private int[] _peaksOutside = [];

    /// <summary>Starts a report.</summary>
    /// <param name="options">What it says and holds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public GroundingReport(GroundingReportOptions? options = null)
    {
        _options = options ?? new GroundingReportOptions();
        _options.Validate();
        _shown = new ShownImages(_options);
    }

    /// <summary>The key points that count for each query, once there was an image that has any.</summary>
    internal QueryKeyPoints? KeyPoints => _scores?.KeyPoints;

    /// <summary>Adds an image, and scores it where it has key points; one whose maps are all NaN is counted as failed.</summary>
    /// <param name="image">The image, which stays the caller's to dispose.</param>
    /// <exception cref="ArgumentException">
    /// It has other queries or methods, another grid, other layers and heads, or other key points than the images before it, or its layers
    /// have other lengths than its grid. Images without key points, or without layers, may come among others.
    /// </exception>
    public void Add(GroundedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Failed)
        {
            AddFailed();
            return;
        }

        string[] methods = [.. image.Methods.Select(method => method.Method)];
        if (_total == 0)
        {
            (_queries, _methods, _grid) = ([.. image.Queries], methods, image.Grid);
            _peaksOutside = new int[methods.Length];
        }
        else if (!image.Queries.SequenceEqual(_queries) || !methods.SequenceEqual(_methods) || image.Grid != _grid)
        {
            throw new ArgumentException(
                $"'{image.Name}' has the queries [{string.Join(", ", image.Queries)}], the methods [{string.Join(", ", methods)}] and {image.Grid} cells, the images before it [{string.Join(", ", _queries)}], [{string.Join(", ", _methods)}] and {_grid}. Write a report for each.",
                nameof(image)
            );
        }

        CheckKeyPoints(image);
        CheckLayers(image);
        ReportScores? scorer =
            image.KeyPointVisible.IsEmpty || methods.Length == 0
                ? null
                : _scores ?? new ReportScores(_queries, _methods, _grid, image, _options);
        var row = ReportRow.Of(_total, image);
        ImageScores? scores = scorer?.Score(row);
        _shown.Add(
            _total,
            image,
            scores is null ? [.. _methods.Select(_ => new RegionScore?[_queries.Length])] : scorer!.RegionsOf(scores),
            scores is null ? [.. _methods.Select(_ => new bool?[_queries.Length])] : scorer!.EqualAreaHitsOf(scores),
            scores is null ? null : scorer!.RankOf(scores)
        );
        AnnotatedImage? annotated = scores is { Failed: false } ? scorer!.AnnotationsOf(row) : null;
        double[] chances = annotated is null ? [] : scorer!.ChancesOf(annotated, _total);
        _layers ??= image.Layers is { } any ? (any.Layers, any.Heads) : null;
        if (_options.HeadMap && image.Layers is { } layers)
        {
            _heads ??= new HeadTable(_queries.Length, layers.Layers, layers.Heads, _options.HeadSelection);
            _heads.Add(image, annotated, chances);
        }

        if (scores is not null)
        {
            _scores = scorer;
            scorer!.Add(scores, chances);
        }

        _constantMaps += CountConstant(image);
        bool[][] peaks = PaddingPeaks.Of(image);
        for (int method = 0; method < peaks.Length; method++)
        {
            _peaksOutside[method] += peaks[method].Count(outside => outside);
        }

        _total++;
    }

    /// <summary>Counts an image that could not be computed, an undecodable file for example.</summary>
    public void AddFailed() => _failed++;

    /// <summary>Writes the report; a file that is there is replaced once the new one is whole.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="evaluation">
    /// The scores to show, with the names of the images' methods and queries, or <see langword="null"/>: they are computed from the images'
    /// maps and key points.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The evaluation lacks a method or query of the images, or has another <see cref="MethodEvaluation.RegionThreshold"/> than the regions
    /// of the report.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, MethodEvaluation? evaluation = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (evaluation is null)
        {
            evaluation = _scores?.Summarize();
        }
        else
        {
            RequireFit(evaluation);
        }

        string unfinished = path + ".unfinished";
        try
        {
            using (FileStream file = File.Create(unfinished))
            {
                new ReportPage(
                    _options,
                    _queries,
                    _methods,
                    _grid,
                    KeyPoints?.Indices,
                    _shown.Finish(),
                    _total,
                    _failed,
                    _constantMaps,
                    _peaksOutside,
                    evaluation,
                    _scores?.MeanChances() ?? [],
                    _heads?.Summarize(_queries)
                ).Write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Maps of zeros, which a difference of two maps often is, and others without a region or a peak.</summary>
    private static int CountConstant(GroundedImage image)
    {
        int count = 0;
        for (int method = 0; method < image.Methods.Count; method++)
        {
            for (int query = 0; query < image.Queries.Count; query++)
            {
                ReadOnlySpan<float> map = image.MapOf(method, query);
                count += RowValues.AreFinite(map) && map.IndexOfAnyExcept(map[0]) < 0 ? 1 : 0;
            }
        }

        return count;
    }

    private void CheckKeyPoints(GroundedImage image)
    {
        (int coordinates, int points) = (image.KeyPoints.Length, image.KeyPointVisible.Length);
        if (coordinates != 2 * points)
        {
            throw new ArgumentException(
                $"'{image.Name}' has {coordinates} coordinates of {points} key points; expected x and y of each.",
                nameof(image)
            );
        }

        if (points == 0 || _scores is not { } scores)
        {
            return;
        }

        if (scores.Points != points)
        {
            throw new ArgumentException(
                $"'{image.Name}' has {points} key points, the images before it {scores.Points}. Write a report for each.",
                nameof(image)
            );
        }

        int[][] indices = ReportScores.PointsOf(_queries, image, _options).Indices;
        for (int query = 0; query < indices.Length; query++)
        {
            if (!indices[query].SequenceEqual(scores.KeyPoints.Indices[query]))
            {
                throw new ArgumentException(
                    $"'{image.Name}' has the key points [{string.Join(", ", indices[query])}] for '{_queries[query]}', "
                        + $"the images before it [{string.Join(", ", scores.KeyPoints.Indices[query])}]. Write a report for each.",
                    nameof(image)
                );
            }
        }
    }

    private void CheckLayers(GroundedImage image)
    {
        if (image.Layers is not { } layers)
        {
            return;
        }

        (int queries, int cells) = (_queries.Length, _grid.Cells);
        int heads = queries * layers.Layers * layers.Heads;
        if (
            layers.FineAttention.Length != heads * cells
            || (!layers.LayerMaps.IsEmpty && layers.LayerMaps.Length != queries * layers.Layers * cells)
            || (!layers.KeptHeads.IsEmpty && layers.KeptHeads.Length != heads)
        )
        {
            throw new ArgumentException(
                $"'{image.Name}': {nameof(GroundedImage.Layers)} must hold attention [{queries}, {layers.Layers}, {layers.Heads}, {_grid.Height}, {_grid.Width}], layer maps without the heads and kept heads without the cells, but holds {layers.FineAttention.Length}, {layers.LayerMaps.Length} and {layers.KeptHeads.Length} values.",
                nameof(image)
            );
        }

        if (_layers is { } known && known != (layers.Layers, layers.Heads))
        {
            throw new ArgumentException(
                $"'{image.Name}' has {layers.Layers} layers of {layers.Heads} heads, the images before it {known.Layers} of {known.Heads}. Write a report for each.",
                nameof(image)
            );
        }
    }

    private void RequireFit(MethodEvaluation evaluation)
    {
        if (_methods.FirstOrDefault(method => evaluation.Methods.All(each => each.Name != method)) is { } method)
        {
            throw new ArgumentException(
                $"The evaluation has no method '{method}', only: {string.Join(", ", evaluation.Methods.Select(each => each.Name))}.",
                nameof(evaluation)
            );
        }

        if (_queries.FirstOrDefault(query => !evaluation.Attributes.Contains(query)) is { } missing)
        {
            throw new ArgumentException(
                $"The evaluation has no query '{missing}', only: {string.Join(", ", evaluation.Attributes)}.",
                nameof(evaluation)
            );
        }

        if (evaluation.RegionThreshold != _options.RegionThreshold)
        {
            throw new ArgumentException(
                $"The evaluation's {nameof(evaluation.RegionThreshold)} is {evaluation.RegionThreshold}, the report's is {_options.RegionThreshold}. Set {nameof(GroundingReportOptions)}.{nameof(GroundingReportOptions.RegionThreshold)} to the evaluation's, so that pictures and scores show the same regions.",
                nameof(evaluation)
            );
        }
    }
}
