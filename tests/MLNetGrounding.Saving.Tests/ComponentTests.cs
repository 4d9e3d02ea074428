using Microsoft.ML;
using MLNetGrounding.Maths;

namespace MLNetGrounding.Saving;

/// <summary>Each component, and chains of them with ML.NET's own, saved here and loaded in another process.</summary>
[TestClass]
public sealed class ComponentTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void HeadSelection()
    {
        IDataView rows = AttentionRow.View(_ml);
        AssertEqualElsewhere(
            _ml.Transforms.SelectHeads(new HeadSelectorOptions
            {
                QueryNames = AttentionRow.QueryNames,
                EntropyColumnName = "Entropy",
                CompactnessColumnName = "Compactness",
                CoarseAttentionColumnName = "CoarseAttention",
                LayerMapsColumnName = "Layers",
                HeadSelection = new HeadSelectionOptions { EntropyThreshold = 0.7, HeadAggregation = HeadAggregation.MostCompact, TopHeads = 2 },
                CoarseHeadSelection = new HeadSelectionOptions { Connectivity = Connectivity.Eight },
            }),
            rows,
            "Layers", "KeptHeads", "Entropy", "Compactness", "CoarseLayerMaps");
    }

    [TestMethod]
    public void TheChainOfTheMethod() => AssertEqualElsewhere(
        _ml.Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = AttentionRow.QueryNames })
            .Append(_ml.Transforms.MaskByRollout(new RolloutMaskerOptions
            {
                Rollout = new RolloutOptions { RowNormalized = true },
                Aggregation = new AggregationOptions { FirstLayer = 1 },
                CoarsePositions = [16, 17],
            }))
            .Append(_ml.Transforms.EvaluateMpir(new MpirEvaluatorOptions
            {
                RegionThreshold = 0.4,
                KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["beak"] = [0, 3], ["eye"] = [6, 10, 11] },
            })),
        AttentionRow.View(_ml),
        "LayerMaps", "KeptHeads", "CoarseMask", "GroundingMaps", "Hit", "Area", "Mpir");

    private static void AssertEqualElsewhere(IEstimator<ITransformer> estimator, IDataView rows, params string[] columns)
    {
        using var files = new SavedModelFiles();
        files.AssertEqualElsewhere(estimator.Fit(rows), rows, columns);
    }
}
