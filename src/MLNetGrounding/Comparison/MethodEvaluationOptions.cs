using MLNetGrounding.Comparison;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding;

/// <summary>
/// What <see cref="GroundingCatalog.EvaluateMethods(Microsoft.ML.IDataView, MethodEvaluationOptions)"/> reads, scores and writes.
/// </summary>
public sealed class MethodEvaluationOptions : ComponentOptions
{
    /// <summary>
    /// The methods, in the order of the report. Default <see langword="null"/>: every column named <c>GroundingMaps</c> or
    /// <c>GroundingMaps.NAME</c>. The first is the reference that <c>RandomInBox</c> takes its areas from.
    /// </summary>
    public IReadOnlyList<EvaluatedMethod>? Methods { get; set; }

    /// <summary>
    /// Input: what an image is called in files, text or a 32-bit integer, different for each row. Default <c>ImageId</c>.
    /// </summary>
    public string ImageIdColumnName { get; set; } = GroundingColumns.ImageId;

    /// <summary>
    /// Input: x and y of each key point in pixels of the original image, floats <c>[points, 2]</c>. Default <c>KeyPoints</c>.
    /// </summary>
    public string KeyPointsColumnName { get; set; } = GroundingColumns.KeyPoints;

    /// <summary>Input: 1 for each visible key point, else 0, floats <c>[points]</c>. Default <c>KeyPointVisible</c>.</summary>
    public string KeyPointVisibleColumnName { get; set; } = GroundingColumns.KeyPointVisible;

    /// <summary>
    /// Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = GroundingColumns.Geometry;

    /// <summary>
    /// Input: x, y, width and height of the whole object in pixels, floats <c>[4]</c>; <see langword="null"/>: none, and no score or
    /// baseline that needs a box. Default <c>BoundingBox</c>.
    /// </summary>
    public string? BoundingBoxColumnName { get; set; } = GroundingColumns.BoundingBox;

    /// <summary>
    /// Input, where the data has it: the path of a gray image, as large as the row's, that labels the pixels of each part, with the labels
    /// in a file <c>parts.txt</c> in a folder above it, as the sample data has them. Without it there is no overlap. Default
    /// <c>PartMaskPath</c>.
    /// </summary>
    public string? PartMaskPathColumnName { get; set; } = GroundingColumns.PartMaskPath;

    /// <summary>
    /// Input, where the data has it: the path of a gray image, as large as the row's, whose pixels of at least half white are the whole
    /// object; an empty text: none. With it come the share of a map's mass on the object and the baseline <c>GroundTruthMask</c>. Default
    /// <c>ObjectMaskPath</c>.
    /// </summary>
    public string? ObjectMaskPathColumnName { get; set; } = GroundingColumns.ObjectMaskPath;

    /// <summary>
    /// Input, where the data has it: the path of the row's image, whose file name stands in the scores file. Default <c>ImagePath</c>.
    /// </summary>
    public string? ImagePathColumnName { get; set; } = GroundingColumns.ImagePath;

    /// <summary>
    /// For each query name the indices of the key points that count for it; an empty list means that the query is never scored. Default
    /// <see langword="null"/>, and for queries that it lacks: as the column of key points says (<see cref="KeyPointDescription"/>), else
    /// the point of the query's name. A query with neither is not scored, which the log says.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>>? KeyPointTable { get; set; }

    /// <summary>The names of the queries, for map columns that carry none. Default <see langword="null"/>: the columns' own.</summary>
    public IReadOnlyList<string>? QueryNames { get; set; }

    /// <summary>
    /// The threshold of the headline: the predicted region is where the map, scaled to 0..1, is at least this. Default 0.05, the one pixel
    /// threshold that the paper states.
    /// </summary>
    public double RegionThreshold { get; set; } = Defaults.RegionThreshold;

    /// <summary>The thresholds to sweep besides, each from 0 to 1. Default 0.1, 0.2, ... 0.9.</summary>
    public IReadOnlyList<double> Thresholds { get; set; } = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>
    /// For a method's name the threshold that was chosen for it on other rows, reported beside the headline; see
    /// <see cref="MethodEvaluation.ChooseThresholds"/>. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, double> ChosenThresholds { get; set; } = new Dictionary<string, double>();

    /// <summary>The rows that <see cref="ChosenThresholds"/> were chosen on, in words for the report. Default: none.</summary>
    public string? ThresholdsChosenOn { get; set; }

    /// <summary>The fixed areas, shares of the frame above 0 and at most 1. Default 1, 2, 5, 10 and 20 %.</summary>
    public IReadOnlyList<double> FixedAreas { get; set; } = [0.01, 0.02, Defaults.SmallArea, Defaults.LargeArea, 0.2];

    /// <summary>
    /// For each query the query whose map is scored on its part in the row <c>NAME.Swapped</c> of each method: how well a map does that was
    /// made for another part. Default <see langword="null"/>: as the column of key points says (<see cref="KeyPointDescription"/>), else of
    /// Q queries query k has the map of query k + Q / 2, cyclically. Empty: no such rows.
    /// </summary>
    public IReadOnlyDictionary<string, string>? SwappedQueries { get; set; }

    /// <summary>
    /// Scores of one's own, which are computed beside the library's, resampled with them, and stand in every table and file. Default: none.
    /// </summary>
    public IReadOnlyList<GroundingScore> FurtherScores { get; set; } = [];

    /// <summary>
    /// Measures besides whether the model's answers rest on the pixels that each map ranks first; the numbers stand among the further
    /// scores. Default <see langword="null"/>: not measured, which takes the model once or not at all.
    /// </summary>
    public FaithfulnessScoring? Faithfulness { get; set; }

    /// <summary>Whether chance, whole image, ground-truth box and the other baselines are scored. Default <see langword="true"/>.</summary>
    public bool Baselines { get; set; } = true;

    /// <summary>
    /// The parts' mean positions for the baseline <c>MeanPartPosition</c>, from
    /// <see cref="GroundingCatalog.LearnPartPositions"/> on other rows. Default <see langword="null"/>: no such baseline.
    /// </summary>
    public IReadOnlyList<PartPosition>? PartPositions { get; set; }

    /// <summary>The rows that <see cref="PartPositions"/> were learned on, in words for the report. Default: none.</summary>
    public string? PartPositionsLearnedOn { get; set; }

    /// <summary>How many places chance draws for every image and query. Default 8192.</summary>
    public int ChanceDraws { get; set; } = 8192;

    /// <summary>How many times the images are resampled for the intervals. Default 1000.</summary>
    public int BootstrapReplicates { get; set; } = 1000;

    /// <summary>The share of resamplings inside an interval, between 0 and 1. Default 0.95.</summary>
    public double Confidence { get; set; } = 0.95;

    /// <summary>The seed of all that is drawn: resamplings and chance. Default 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The rows, in words for the report. Default "all rows".</summary>
    public string RowsDescription { get; set; } = "all rows";

    /// <summary>
    /// What is evaluated, in words for the report: lines of a name and a text, such as model, data, command and date. Default: nothing.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Origin { get; set; } = [];

    /// <summary>
    /// A CSV file that takes the scores of each image as soon as they are known, one line per method and query. Where it exists already,
    /// its images are not computed again, so that a run that was interrupted goes on; a file of other settings is refused. A file beside
    /// it, <c>.settings.json</c>, holds the settings. The file's folder is held by a <see cref="FolderLock"/> as long as the evaluation
    /// runs. Default <see langword="null"/>: none.
    /// </summary>
    public string? ScoresPath { get; set; }

    /// <summary>
    /// The lock of the folder of <see cref="ScoresPath"/>, where the caller holds it already, to write other files there too. It stays the
    /// caller's. Default <see langword="null"/>: the evaluation takes it.
    /// </summary>
    public FolderLock? ScoresLock { get; set; }

    /// <summary>
    /// Settings that this evaluation cannot see, such as model and data: a run that goes on with <see cref="ScoresPath"/> must have the
    /// same. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> RunSettings { get; set; } = new Dictionary<string, string>();

    /// <summary>Is told the number of images done, of all runs, after each. Default <see langword="null"/>.</summary>
    public IProgress<int>? Progress { get; set; }

    /// <summary>Ends the evaluation after the image in hand, with <see cref="OperationCanceledException"/>. Default: never.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The headline's threshold, the swept and the chosen ones, each once, in order.</summary>
    internal double[] AllThresholds => [.. Thresholds.Append(RegionThreshold).Concat(ChosenThresholds.Values).Distinct().Order()];

    /// <summary>The numbers of a scored map, in order.</summary>
    internal ScoreColumn[] ScoreColumns() => MapScorer.Columns(AllThresholds, FixedAreas, AllFurtherScores);

    /// <summary><see cref="FurtherScores"/>, and the numbers of <see cref="Faithfulness"/> behind them.</summary>
    internal IReadOnlyList<GroundingScore> AllFurtherScores =>
        Faithfulness is { } faithfulness ? [.. FurtherScores, new FaithfulnessColumns(faithfulness.Curves)] : FurtherScores;

    /// <summary>What <see cref="PartPositionsLearnedOn"/> says, where there are positions.</summary>
    internal string? PositionsLearnedOn => PartPositions is null ? null : PartPositionsLearnedOn ?? "rows that are not named";

    private protected override void CopyLists()
    {
        ArgumentNullException.ThrowIfNull(Thresholds);
        ArgumentNullException.ThrowIfNull(ChosenThresholds);
        ArgumentNullException.ThrowIfNull(FixedAreas);
        ArgumentNullException.ThrowIfNull(FurtherScores);
        ArgumentNullException.ThrowIfNull(RunSettings);
        ArgumentNullException.ThrowIfNull(Origin);
        Methods = Methods?.ToArray();
        KeyPointTable = Scoring.KeyPointTable.Copy(KeyPointTable);
        QueryNames = QueryNames?.ToArray();
        Thresholds = [.. Thresholds];
        ChosenThresholds = ChosenThresholds.ToDictionary(StringComparer.Ordinal);
        FixedAreas = [.. FixedAreas];
        FurtherScores = [.. FurtherScores];
        SwappedQueries = SwappedQueries?.ToDictionary(StringComparer.Ordinal);
        PartPositions = PartPositions?.ToArray();
        RunSettings = RunSettings.ToDictionary(StringComparer.Ordinal);
        Origin = [.. Origin];
    }

    private protected override void CheckValues()
    {
        Require(AllThresholds.All(threshold => threshold is >= 0 and <= 1), nameof(Thresholds), "must each lie between 0 and 1");
        Require(FixedAreas.All(area => area is > 0 and <= 1), nameof(FixedAreas), "must each be above 0 and at most 1");
        Require(FixedAreas.Distinct().Count() == FixedAreas.Count, nameof(FixedAreas), "must not repeat");
        FurtherScoreChecks.Check(FurtherScores, ScoreColumns(), nameof(FurtherScores));
        if (Faithfulness is { } faithfulness)
        {
            faithfulness.Answering.Validate();
            faithfulness.Curves.Validate();
        }

        Require(ChanceDraws >= 1, nameof(ChanceDraws), "must be at least 1");
        Require(BootstrapReplicates >= 1, nameof(BootstrapReplicates), "must be at least 1");
        Require(Confidence is > 0 and < 1, nameof(Confidence), "must lie between 0 and 1");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, $"{option} {rule}.");
        }
    }

    internal static class Defaults
    {
        public const double RegionThreshold = Region.DefaultThreshold;

        /// <summary>The fixed areas of the headline tables, shares of the frame; the smaller one is that of chance, too.</summary>
        public const double SmallArea = 0.05;

        public const double LargeArea = 0.1;
    }
}
