using Microsoft.ML;

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
            _ml.Transforms.SelectHeads(
                new HeadSelectorOptions
                {
                    QueryNames = AttentionRow.QueryNames,
                    EntropyColumnName = "Entropy",
                    CompactnessColumnName = "Compactness",
                    CoarseAttentionColumnName = "CoarseAttention",
                    LayerMapsColumnName = "Layers",
                    HeadSelection = new HeadSelectionOptions
                    {
                        EntropyThreshold = 0.7,
                        HeadAggregation = HeadAggregation.MostCompact,
                        TopHeads = 2,
                    },
                    CoarseHeadSelection = new HeadSelectionOptions { Connectivity = Connectivity.Eight },
                }
            ),
            rows,
            "Layers",
            "KeptHeads",
            "Entropy",
            "Compactness",
            "CoarseLayerMaps"
        );
    }

    [TestMethod]
    public void RegionsOfEveryRule()
    {
        IDataView rows = AttentionRow.View(_ml);
        foreach (
            RegionRule rule in new RegionRule[]
            {
                new ThresholdRegion { Threshold = 0.3 },
                new MeanRegion(),
                new OtsuRegion(),
                new WindowRegion { Side = 30, EmptyWindowsAsReleased = true },
                new PointsRegion { Threshold = 0.7 },
            }
        )
        {
            AssertEqualElsewhere(
                _ml.Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = AttentionRow.QueryNames })
                    .Append(_ml.Transforms.MaskByRollout(coarseFlowColumnName: "CoarseFlow"))
                    .Append(_ml.Transforms.FindRegions(rule, regionsColumnName: "Cells")),
                rows,
                "Cells",
                "RegionBoxes"
            );
        }
    }

    [TestMethod]
    public void TheChainOfTheMethod() =>
        AssertEqualElsewhere(
            _ml.Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = AttentionRow.QueryNames })
                .Append(
                    _ml.Transforms.MaskByRollout(
                        new RolloutMaskerOptions
                        {
                            Rollout = new RolloutOptions { RowNormalized = true },
                            Aggregation = new AggregationOptions { FirstLayer = 1 },
                            CoarsePositions = [16, 17],
                        }
                    )
                )
                .Append(
                    _ml.Transforms.EvaluateMpir(
                        new MpirEvaluatorOptions
                        {
                            RegionThreshold = 0.4,
                            KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["beak"] = [0, 3], ["eye"] = [6, 10, 11] },
                        }
                    )
                ),
            AttentionRow.View(_ml),
            "LayerMaps",
            "KeptHeads",
            "CoarseMask",
            "GroundingMaps",
            "Hit",
            "Area",
            "Mpir"
        );

    [TestMethod]
    public void GroundingFeaturesWithATrainerOfMLNet()
    {
        IDataView rows = AttentionRow.View(_ml, 12);
        AssertEqualElsewhere(
            _ml.Transforms.Conversion.MapValueToKey("Label", "Species")
                .Append(_ml.Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = AttentionRow.QueryNames }))
                .Append(_ml.Transforms.MaskByRollout(coarseFlowColumnName: "CoarseFlow"))
                .Append(_ml.Transforms.FeaturizeGrounding(patchFeaturesColumnName: "PatchFeatures"))
                .Append(_ml.Transforms.Concatenate("Features", "GroundingFeatures", "Geometry"))
                .Append(_ml.Transforms.NormalizeMinMax("Features"))
                .AppendCacheCheckpoint(_ml)
                .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
                .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
            rows,
            "GroundingFeatures",
            "Features",
            "Score"
        );
    }

    private static void AssertEqualElsewhere(IEstimator<ITransformer> estimator, IDataView rows, params string[] columns)
    {
        using var files = new SavedModelFiles();
        files.AssertEqualElsewhere(estimator.Fit(rows), rows, columns);
    }
}
