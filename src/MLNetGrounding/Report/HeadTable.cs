using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Report;

/// <summary>Collects what every head is like over all images, query by query.</summary>
internal sealed class HeadTable
{
    // A hundredth of a per cent of some hundred images says nothing any more.
    private const int Digits = 4;

    private const double Confidence = 0.95;

    private readonly HeadSums[] _queries;
    private readonly double[] _chance;
    private readonly int _layers;
    private readonly int _heads;

    /// <param name="queries">Number of queries.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="selection">The thresholds of head selection.</param>
    public HeadTable(int queries, int layers, int heads, HeadSelectionOptions selection)
    {
        (_layers, _heads) = (layers, heads);
        _queries = [.. Enumerable.Range(0, queries).Select(_ => new HeadSums(layers, heads, selection, ReportScores.EqualArea))];
        _chance = new double[queries];
    }

    /// <summary>Number of images.</summary>
    public int Images { get; private set; }

    /// <summary>Adds an image with layers; queries whose attention is not finite are left out.</summary>
    /// <param name="image">The image; its layers have the lengths that belong to its grid.</param>
    /// <param name="annotated">What is annotated of it, or <see langword="null"/>.</param>
    /// <param name="chances">Chance for each query, where there is anything annotated.</param>
    public void Add(GroundedImage image, AnnotatedImage? annotated, ReadOnlySpan<double> chances)
    {
        GroundedLayers layers = image.Layers!;
        for (int query = 0; query < _queries.Length; query++)
        {
            ReadOnlySpan<float> maps = GroundedImage.Slice(layers.FineAttention.Span, _queries.Length, query);
            if (!RowValues.AreWeights(maps))
            {
                continue;
            }

            ReadOnlySpan<float> kept = layers.KeptHeads.IsEmpty ? [] : GroundedImage.Slice(layers.KeptHeads.Span, _queries.Length, query);
            _queries[query]
                .Add(
                    maps,
                    image.Grid,
                    kept,
                    annotated is null ? [] : annotated.FrameFractions,
                    annotated is null ? [] : annotated.Points(query)
                );
            if (annotated is not null && !annotated.Points(query).IsEmpty)
            {
                _chance[query] += chances[query];
            }
        }

        Images++;
    }

    /// <summary>What a page shows of it.</summary>
    /// <param name="names">The queries' names.</param>
    public ReportHeads Summarize(IReadOnlyList<string> names)
    {
        List<ReportQueryHeads> all = [.. _queries.Select((sums, query) => Of(names[query], [query]))];
        all.Add(Of("all", [.. Enumerable.Range(0, _queries.Length)]));
        return new ReportHeads(_layers, _heads, Images, all);
    }

    /// <summary>Some queries together: each image counts as often as it was asked.</summary>
    private ReportQueryHeads Of(string name, int[] queries)
    {
        int images = queries.Sum(query => _queries[query].Images);
        int scored = queries.Sum(query => _queries[query].Scored);
        double chance = scored == 0 ? double.NaN : queries.Sum(query => _chance[query]) / scored;
        return new ReportQueryHeads(
            name,
            images,
            scored,
            Number(chance),
            queries.Length == 1 && scored > 0
                ? Number(Maths.Scoring.BestByChance.HitRate(_layers * _heads, scored, chance, Confidence))
                : null,
            Each((sums, layer, head) => sums.Kept(layer, head), sums => sums.Images),
            Each((sums, layer, head) => sums.Entropy(layer, head), sums => sums.Images),
            Each((sums, layer, head) => sums.SpatialEntropyOf(layer, head), sums => sums.Images),
            Each((sums, layer, head) => sums.Compactness(layer, head), sums => sums.Images),
            scored == 0 ? [] : Each((sums, layer, head) => sums.HitRate(layer, head), sums => sums.Scored)
        );

        double?[] Each(Func<HeadSums, int, int, double> number, Func<HeadSums, int> weight)
        {
            double?[] numbers = new double?[_layers * _heads];
            for (int index = 0; index < numbers.Length; index++)
            {
                (double sum, double weights) = (0, 0);
                foreach (int query in queries)
                {
                    double value = number(_queries[query], index / _heads, index % _heads);
                    if (!double.IsNaN(value))
                    {
                        sum += weight(_queries[query]) * value;
                        weights += weight(_queries[query]);
                    }
                }

                numbers[index] = Number(sum / weights);
            }

            return numbers;
        }
    }

    private static double? Number(double value) => double.IsFinite(value) ? Math.Round(value, Digits) : null;
}
