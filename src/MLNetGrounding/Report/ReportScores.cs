using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Comparison;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Report;

/// <summary>
/// The scores of a report's annotated images, as <see cref="GroundingCatalog.EvaluateMethods(IDataView, MethodEvaluationOptions)"/>
/// computes them, but image by image, so that of each only its scores are kept.
/// </summary>
internal sealed class ReportScores
{
    /// <summary>The share of the frame that every map's largest values get, whatever its scale: the headline.</summary>
    public const double EqualArea = MethodEvaluationOptions.Defaults.SmallArea;

    private const int Draws = 1024;

    private readonly IHost _host = ((IHostEnvironment)new MLContext()).Register(nameof(GroundingReport));

    /// <summary>The image in hand, the only row of the view.</summary>
    private readonly ReportRow[] _row = new ReportRow[1];
    private readonly ListView<ReportRow> _view;
    private readonly MethodEvaluationOptions _options;
    private readonly MethodBinding _binding;
    private readonly CollectedScores _collected;
    private readonly (double Sum, int Count)[] _chances;

    /// <summary>Begins with no image.</summary>
    /// <param name="queries">The queries of every image.</param>
    /// <param name="methods">The methods of every image.</param>
    /// <param name="grid">The cells of the maps.</param>
    /// <param name="image">The first image that has key points.</param>
    /// <param name="options">The report's options.</param>
    public ReportScores(
        IReadOnlyList<string> queries,
        IReadOnlyList<string> methods,
        MapGrid grid,
        GroundedImage image,
        GroundingReportOptions options
    )
    {
        int points = image.KeyPointVisible.Length;
        KeyPoints = PointsOf(queries, image, options);
        _chances = new (double, int)[queries.Count];
        Points = points;
        List<ListColumn<ReportRow>> columns =
        [
            ListColumn<ReportRow>.Scalar(GroundingColumns.ImageId, NumberDataViewType.Int32, row => row.Id),
            ListColumn<ReportRow>.Vector(GroundingColumns.Geometry, [ImageGeometry.Length], row => row.Geometry),
            ListColumn<ReportRow>.Vector(GroundingColumns.KeyPoints, [points, 2], row => row.KeyPoints),
            ListColumn<ReportRow>.Vector(GroundingColumns.KeyPointVisible, [points], row => row.KeyPointVisible),
            ListColumn<ReportRow>.Vector(GroundingColumns.BoundingBox, [4], row => row.BoundingBox),
        ];
        for (int method = 0; method < methods.Count; method++)
        {
            int index = method;
            string name = $"{GroundingColumns.GroundingMaps}.{methods[method]}";
            columns.Add(
                ListColumn<ReportRow>.Vector(name, [queries.Count, grid.Height, grid.Width], row => row.Maps[index]) with
                {
                    Column = ColumnAnnotations.Vector(name, [queries.Count, grid.Height, grid.Width], ["query", "row", "column"], queries),
                }
            );
        }

        _view = new ListView<ReportRow>(_row, columns);
        _options = new MethodEvaluationOptions
        {
            Methods = [.. methods.Select(method => new EvaluatedMethod(method, $"{GroundingColumns.GroundingMaps}.{method}"))],
            PartMaskPathColumnName = null,
            ObjectMaskPathColumnName = null,
            ImagePathColumnName = null,
            KeyPointTable = KeyPoints.Table,
            RegionThreshold = options.RegionThreshold,
            Thresholds = [],
            FixedAreas = [EqualArea],
            FurtherScores = options.FurtherScores,
            SwappedQueries = image.KeyPointDescription.SwappedQueries,
            // Fewer than in a table: chance is only a line to compare with here.
            ChanceDraws = Draws,
        };
        _binding = new MethodBinding(_view.Schema, _options);
        _collected = new CollectedScores(RowScorer.Entries(_binding, _options), _binding.Queries, _options.ScoreColumns());
    }

    /// <summary>The number of key points of every image.</summary>
    public int Points { get; }

    /// <summary>Those that count for each query.</summary>
    public QueryKeyPoints KeyPoints { get; }

    /// <summary>The key points that count for each query of an image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    public static QueryKeyPoints PointsOf(IReadOnlyList<string> queries, GroundedImage image, GroundingReportOptions options) =>
        new(
            queries,
            options.KeyPointTable,
            image.KeyPointDescription,
            image.KeyPointVisible.Length,
            nameof(GroundingReport),
            nameof(options.KeyPointTable)
        );

    /// <summary>Scores an image, once for its own page and for the tables.</summary>
    public ImageScores Score(ReportRow row)
    {
        _row[0] = row;
        using DataViewRowCursor cursor = _view.GetRowCursor(_binding.Columns);
        using var scorer = new RowScorer(_binding, _options, cursor, _host);
        cursor.MoveNext();
        return scorer.Score(scorer.Image());
    }

    /// <summary>
    /// For each method and query whether its map hits at equal area; <see langword="null"/> where nothing is scored.
    /// </summary>
    public bool?[][] EqualAreaHitsOf(ImageScores scores)
    {
        int hit = MapScorer.FixedAreaAt(0, _options.AllThresholds.Length).Hit;
        return
        [
            .. _binding.Methods.Select(
                (_, method) =>
                    _binding
                        .Queries.Select(
                            (_, query) =>
                                scores.Line(method, query) is var line && scores.Status(line) == ScoreStatus.Scored
                                    ? scores.Scores(line)[hit] != 0
                                    : (bool?)null
                        )
                        .ToArray()
            ),
        ];
    }

    /// <summary>The scores of the regions, for each method and query; <see langword="null"/> where nothing is scored.</summary>
    public RegionScore?[][] RegionsOf(ImageScores scores) =>
        [
            .. _binding.Methods.Select(
                (_, method) => _binding.Queries.Select((_, query) => RegionOf(scores, scores.Line(method, query))).ToArray()
            ),
        ];

    /// <summary>Takes the scores of an image, and chance for each query.</summary>
    public void Add(ImageScores scores, ReadOnlySpan<double> chances)
    {
        _collected.Add(scores);
        for (int query = 0; query < chances.Length; query++)
        {
            if (!double.IsNaN(chances[query]))
            {
                _chances[query].Sum += chances[query];
                _chances[query].Count++;
            }
        }
    }

    /// <summary>
    /// For each query the hit rate at equal area of maps whose cells are in random order; NaN where it is not scored.
    /// </summary>
    /// <param name="annotated">What is annotated of the image.</param>
    /// <param name="number">The image's number, which fixes what is drawn.</param>
    public double[] ChancesOf(AnnotatedImage annotated, int number)
    {
        double[] chances = new double[annotated.Queries];
        for (int query = 0; query < chances.Length; query++)
        {
            var random = SplitMix64.For((ulong)_options.Seed, $"{number}/{query}");
            chances[query] = annotated.Points(query).IsEmpty
                ? double.NaN
                : FixedArea.Chance(annotated.FrameFractions, annotated.Points(query), EqualArea, ref random);
        }

        return chances;
    }

    /// <summary>Mean chance for each query over the images in which it is scored, then the mean of these; NaN without any.</summary>
    public IReadOnlyList<double> MeanChances()
    {
        double[] means = Array.ConvertAll(_chances, each => each.Sum / each.Count);
        return [.. means, means.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()];
    }

    /// <summary>How well the first method does on an image; <see langword="null"/> where nothing of it is scored.</summary>
    public ImageRank? RankOf(ImageScores scores)
    {
        float[][] scored =
        [
            .. Enumerable
                .Range(0, _binding.Queries.Count)
                .Select(query => scores.Line(0, query))
                .Where(line => scores.Status(line) == ScoreStatus.Scored)
                .Select(line => scores.Scores(line).ToArray()),
        ];
        int hit = MapScorer.FixedAreaAt(0, _options.AllThresholds.Length).Hit;
        return scored.Length == 0
            ? null
            : new ImageRank(scored.Average(numbers => (double)numbers[hit]), scored.Average(numbers => (double)numbers[MapScorer.Rank]));
    }

    /// <summary>What is annotated of an image, to score maps besides those of the methods; the image has been scored.</summary>
    public AnnotatedImage AnnotationsOf(ReportRow row) =>
        new(ImageGeometry.FromVector(row.Geometry), row.KeyPoints, row.KeyPointVisible, KeyPoints.Indices, [], parts: null);

    /// <summary>The scores of all methods over the images; baselines that no image allows, because none has a box, are left out.</summary>
    public MethodEvaluation Summarize()
    {
        MethodEvaluation evaluation = _collected.Summarize(_options);
        return evaluation with
        {
            Methods = [.. evaluation.Methods.Where(method => method.Kind != MethodKind.Baseline || method.Mean.Count > 0)],
        };
    }

    private static RegionScore? RegionOf(ImageScores scores, int line)
    {
        RegionColumns columns = MapScorer.RegionAt(0);
        ReadOnlySpan<float> numbers = scores.Scores(line);
        return scores.Status(line) == ScoreStatus.Scored
            ? new RegionScore(numbers[columns.Hit] != 0, numbers[columns.Area], numbers[columns.Mpir])
            : null;
    }
}
