using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Saving;

/// <summary>What was learned from rows, and the features for classifiers, saved here and loaded in another process.</summary>
[TestClass]
public sealed class LearnedComponentTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(HeadCriterion.SelectionFrequency)]
    [DataRow(HeadCriterion.SpatialEntropy)]
    public void TheHeadsThatWereLearnedAreSaved(HeadCriterion criterion)
    {
        IDataView rows = AttentionRow.View(_ml);
        using HeadSelectorTransformer selector = _ml
            .Transforms.SelectHeads(
                new HeadSelectorOptions
                {
                    QueryNames = AttentionRow.QueryNames,
                    Fitting = new HeadFittingOptions { Criterion = criterion, Heads = 2 },
                }
            )
            .Fit(rows);
        using var files = new SavedModelFiles();
        files.AssertEqualElsewhere(selector, rows, "LayerMaps", "KeptHeads");

        // Nothing is learned again: not from other rows, and not from none.
        ITransformer loaded = _ml.Model.Load(files.Again, out _);
        HeadSelectorTransformer again =
            loaded as HeadSelectorTransformer ?? (HeadSelectorTransformer)((IEnumerable<ITransformer>)loaded).Single();
        CollectionAssert.AreEqual(selector.Heads!.ToArray(), again.Heads!.ToArray());
        Assert.HasCount(2, again.Heads!);
    }

    [TestMethod]
    public void GroundingFeaturesAreSaved()
    {
        var random = new Random(2);
        IDataView rows = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 5)
                .Select(_ => new FeatureRow
                {
                    GroundingMaps = [.. Enumerable.Range(0, 18).Select(_ => random.NextSingle())],
                    PatchFeatures = [.. Enumerable.Range(0, 36).Select(_ => random.NextSingle())],
                })
                .ToArray()
        );
        using var files = new SavedModelFiles();
        files.AssertEqualElsewhere(
            _ml.Transforms.FeaturizeGrounding(
                    new GroundingFeaturizerOptions
                    {
                        GroundingFeaturesColumnName = "Features",
                        QueryNames = ["beak", "eye"],
                        Pooling = new PoolingOptions { Weights = PoolingWeights.RegionMass, RegionThreshold = 0.4 },
                    }
                )
                .Fit(rows),
            rows,
            "Features"
        );
    }

    private sealed class FeatureRow
    {
        [VectorType(2, 3, 3)]
        public float[] GroundingMaps { get; set; } = [];

        [VectorType(3, 3, 4)]
        public float[] PatchFeatures { get; set; } = [];
    }
}
