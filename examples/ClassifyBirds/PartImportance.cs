using Microsoft.ML;
using Microsoft.ML.Data;

namespace ClassifyBirds;

/// <summary>How much a classifier relies on a part of the bird.</summary>
/// <param name="Part">The query.</param>
/// <param name="SumOfSlots">The loss of accuracy where one feature is shuffled between the rows, summed over the part's features.</param>
/// <param name="AtOnce">The loss of accuracy where all of the part's features are shuffled together.</param>
internal sealed record PartImportance(string Part, double SumOfSlots, double AtOnce)
{
    /// <summary>Permutation feature importance, largest first.</summary>
    /// <remarks>
    /// A part has many features that say much the same, so that a single one is hardly missed: the sum is small even for parts that matter.
    /// Shuffled together they cannot stand in for each other.
    /// </remarks>
    public static IReadOnlyList<PartImportance> Measure(
        MLContext context,
        SpeciesClassifier classifier,
        ITransformer model,
        IDataView test,
        IReadOnlyList<string> parts,
        int seed
    )
    {
        // The trainer's features are the normalized ones.
        IEnumerable<KeyValuePair<string, MulticlassClassificationMetricsStatistics>> slots =
            context.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(test));
        ILookup<string, double> losses = slots.ToLookup(slot => slot.Key.Split('.')[0], slot => -slot.Value.MicroAccuracy.Mean);

        FeatureVector[] rows = [.. context.Data.CreateEnumerable<FeatureVector>(test, reuseRowObject: false)];
        double accuracy = Accuracy(context, classifier, model, rows);
        var random = new Random(seed);
        return
        [
            .. parts
                .Select(
                    (part, index) =>
                        new PartImportance(
                            part,
                            losses[part].Sum(),
                            accuracy - Accuracy(context, classifier, model, Shuffle(rows, index, parts.Count, random))
                        )
                )
                .OrderByDescending(part => part.AtOnce),
        ];
    }

    private static FeatureVector[] Shuffle(FeatureVector[] rows, int part, int parts, Random random)
    {
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        random.Shuffle(order);
        return
        [
            .. rows.Select(
                (row, index) =>
                {
                    float[] features = [.. row.Features];
                    int length = features.Length / parts;
                    rows[order[index]].Features.AsSpan(part * length, length).CopyTo(features.AsSpan(part * length));
                    return new FeatureVector { Species = row.Species, Features = features };
                }
            ),
        ];
    }

    private static double Accuracy(MLContext context, SpeciesClassifier classifier, ITransformer model, FeatureVector[] rows)
    {
        var definition = SchemaDefinition.Create(typeof(FeatureVector));
        definition[nameof(FeatureVector.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return classifier.Classify(model, context.Data.LoadFromEnumerable(rows, definition)).Correct.Average(correct => correct ? 1.0 : 0);
    }
}
