using System.Globalization;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>The scores of all images, a few numbers each, and their sums with intervals.</summary>
internal sealed class CollectedScores
{
    private readonly IReadOnlyList<ScoreEntry> _entries;
    private readonly IReadOnlyList<string> _queries;
    private readonly ScoreColumn[] _columns;

    /// <summary>For each entry and query the images that were scored.</summary>
    private readonly List<int>[] _images;

    /// <summary>For each entry and query the scores of these images, <c>[images, columns]</c>.</summary>
    private readonly List<float>[] _scores;
    private int _failed;

    public CollectedScores(IReadOnlyList<ScoreEntry> entries, IReadOnlyList<string> queries, ScoreColumn[] columns)
    {
        (_entries, _queries, _columns) = (entries, queries, columns);
        _images = [.. Enumerable.Range(0, entries.Count * queries.Count).Select(_ => new List<int>())];
        _scores = [.. _images.Select(_ => new List<float>())];
    }

    /// <summary>The number of images so far.</summary>
    public int Images { get; private set; }

    public void Add(ImageScores scores)
    {
        _failed += scores.Failed ? 1 : 0;
        for (int line = 0; line < scores.Lines; line++)
        {
            if (scores.Status(line) == ScoreStatus.Scored)
            {
                _images[line].Add(Images);
                _scores[line].AddRange(scores.Scores(line));
            }
        }

        Images++;
    }

    public MethodEvaluation Summarize(MethodEvaluationOptions options)
    {
        var bootstrap = new ImageBootstrap(Images, options.BootstrapReplicates, (ulong)options.Seed);
        ResampledScores? reference = null;
        List<ResampledScores> means = [];
        MethodScores[] methods = [.. _entries.Select((entry, index) => Summarize(entry, index, bootstrap, options, ref reference, means))];
        return new MethodEvaluation
        {
            Rows = options.RowsDescription,
            Origin = options.Origin,
            ImageCount = Images,
            FailedImageCount = _failed,
            Attributes = _queries,
            RegionThreshold = options.RegionThreshold,
            Thresholds = options.AllThresholds,
            FixedAreas = options.FixedAreas,
            FurtherScores = [.. _columns.Skip(FirstFurther(options))],
            ThresholdsChosenOn = options.ChosenThresholds.Count == 0 ? null : options.ThresholdsChosenOn ?? "rows that are not named",
            PartPositionsLearnedOn = options.PositionsLearnedOn,
            BootstrapReplicates = options.BootstrapReplicates,
            Confidence = options.Confidence,
            Seed = options.Seed,
            Methods = methods,
            Agreements = options.Faithfulness is null
                ? []
                : [.. Agreements([.. means.Where((_, index) => _entries[index].Kind == MethodKind.Method)], options)],
        };
    }

    /// <summary>Whether the methods that locate best are also those that answers rest on most.</summary>
    private IEnumerable<ScoreAgreement> Agreements(ResampledScores[] methods, MethodEvaluationOptions options)
    {
        List<(string Name, int Column)> located =
        [
            .. options.FixedAreas.Select(
                (area, index) =>
                    (
                        string.Create(CultureInfo.InvariantCulture, $"hit rate at {100 * area:0.##} % of the frame"),
                        MapScorer.FixedAreaAt(index, options.AllThresholds.Length).Hit
                    )
            ),
            ("pointing at the key point", MapScorer.Pointing),
            ("AUC", MapScorer.Rank),
        ];
        foreach ((string name, double sign) in new[] { (FaithfulnessColumns.Insertion, 1.0), (FaithfulnessColumns.Deletion, -1.0) })
        {
            int column = Array.FindIndex(_columns, each => each.Name == name);
            foreach ((string with, int other) in located)
            {
                ResampledScores agreement = new(1, methods.Length == 0 ? 0 : methods[0].Replicates);
                agreement.Values[0] = Spearman(method => method.Values);
                for (int replicate = 0; replicate < agreement.Replicates; replicate++)
                {
                    agreement.Replicate(replicate)[0] = Spearman(method => method.Replicate(replicate).ToArray());
                }

                yield return new ScoreAgreement(
                    sign > 0 ? name : $"{name}, the smaller the better",
                    with,
                    methods.Length,
                    agreement.Estimate(0, options.Confidence)
                );

                double Spearman(Func<ResampledScores, double[]> scores) =>
                    RankCorrelation.Spearman(
                        Array.ConvertAll(methods, method => sign * scores(method)[column]),
                        Array.ConvertAll(methods, method => scores(method)[other])
                    );
            }
        }
    }

    private MethodScores Summarize(
        ScoreEntry entry,
        int index,
        ImageBootstrap bootstrap,
        MethodEvaluationOptions options,
        ref ResampledScores? reference,
        List<ResampledScores> means
    )
    {
        var attributes = new AttributeScores[_queries.Count];
        var resampled = new ResampledScores[_queries.Count];
        for (int query = 0; query < attributes.Length; query++)
        {
            int line = (index * _queries.Count) + query;
            resampled[query] = bootstrap.Resample([.. _images[line]], [.. _scores[line]], _columns);
            attributes[query] = Describe(_queries[query], _images[line].Count, resampled[query], options);
        }

        var mean = ResampledScores.Mean(resampled, _columns.Length, bootstrap.Replicates);
        means.Add(mean);
        int count = attributes.Sum(attribute => attribute.Count);
        AttributeScores? difference = reference is null ? null : Describe("mean", count, mean.Minus(reference), options);
        reference ??= mean;
        return new MethodScores(
            entry.Name,
            entry.Kind,
            entry.Description,
            options.ChosenThresholds.TryGetValue(entry.Name, out double chosen) ? chosen : null,
            attributes,
            Describe("mean", count, mean, options)
        )
        {
            MapsOf = entry.MapsOf,
            MeanMinusReference = difference,
        };
    }

    private AttributeScores Describe(string name, int count, ResampledScores scores, MethodEvaluationOptions options)
    {
        double[] thresholds = options.AllThresholds;
        Estimate At(int column) => scores.Estimate(column, options.Confidence);
        return new AttributeScores(
            name,
            count,
            [.. thresholds.Select((threshold, index) => Region(threshold, MapScorer.RegionAt(index)))],
            [.. options.FixedAreas.Select((area, index) => FixedArea(area, MapScorer.FixedAreaAt(index, thresholds.Length)))],
            At(MapScorer.Pointing),
            At(MapScorer.PartPointing),
            At(MapScorer.Rank),
            At(MapScorer.MassInBox)
        )
        {
            ConstantMaps = At(MapScorer.ConstantMap),
            MassInObject = At(MapScorer.MassInObject),
            Further = Enumerable
                .Range(FirstFurther(options), _columns.Length - FirstFurther(options))
                .ToDictionary(column => _columns[column].Name, At, StringComparer.Ordinal),
        };

        RegionScores Region(double threshold, RegionColumns columns) =>
            new(threshold, At(columns.Mpir), At(columns.Hit), At(columns.Area), At(columns.Overlap));
        FixedAreaScores FixedArea(double area, FixedAreaColumns columns) => new(area, At(columns.Hit), At(columns.Attained));
    }

    private static int FirstFurther(MethodEvaluationOptions options) =>
        MapScorer.FurtherAt(options.AllThresholds.Length, options.FixedAreas.Count);
}
