using Microsoft.ML;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Heads;

/// <summary>Head selection is set where the attention is extracted, and the steps after it keep to it.</summary>
[TestClass]
public sealed class InheritedSelectionTests
{
    private static readonly HeadSelectionOptions Chosen = new() { EntropyThreshold = 0.6, HeadAggregation = HeadAggregation.Mean };

    private readonly AttentionRows _rows = new(2);

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void HeadsAreSelectedAsTheAttentionWasExtracted()
    {
        IDataView inherited = Select(_rows.ExtractedWith(Chosen), new() { CoarseAttentionColumnName = "CoarseAttention" });
        IDataView stated = Select(_rows.View, new() { CoarseAttentionColumnName = "CoarseAttention", HeadSelection = Chosen });
        IDataView defaults = Select(_rows.View, new() { CoarseAttentionColumnName = "CoarseAttention" });
        foreach (string column in (string[])["LayerMaps", "KeptHeads", "CoarseLayerMaps"])
        {
            AssertSame(stated.Vectors(column), inherited.Vectors(column));
        }

        Difference.IsMoreThanRounding(
            inherited.Vectors("LayerMaps")[0],
            defaults.Vectors("LayerMaps")[0],
            "the choice makes no difference"
        );
        Assert.AreEqual(Chosen, SelectionAnnotation.Of(inherited.Schema["LayerMaps"]));
        Assert.AreEqual(Chosen, SelectionAnnotation.Of(inherited.Schema["CoarseLayerMaps"]));
    }

    [TestMethod]
    public void WhatIsStatedGoesBeforeWhatIsInherited()
    {
        var other = new HeadSelectionOptions { EntropyThreshold = 0.7 };
        IDataView told = Select(
            _rows.ExtractedWith(Chosen),
            new() { HeadSelection = other, CoarseAttentionColumnName = "CoarseAttention" }
        );
        IDataView stated = Select(_rows.View, new() { HeadSelection = other, CoarseAttentionColumnName = "CoarseAttention" });
        AssertSame(stated.Vectors("LayerMaps"), told.Vectors("LayerMaps"));
        AssertSame(stated.Vectors("CoarseLayerMaps"), told.Vectors("CoarseLayerMaps"));
        Assert.AreEqual(other, SelectionAnnotation.Of(told.Schema["LayerMaps"]));
    }

    [TestMethod]
    public void LearnedHeadsAreChosenByTheInheritedThresholds()
    {
        var fitting = new HeadSelectorOptions { Fitting = new() { Heads = 2 } };
        IReadOnlyList<AttentionHead> inherited = ML.Transforms.SelectHeads(fitting).Fit(_rows.ExtractedWith(Chosen)).Heads!;
        IReadOnlyList<AttentionHead> stated = ML
            .Transforms.SelectHeads(
                new HeadSelectorOptions
                {
                    Fitting = new() { Heads = 2 },
                    HeadSelection = Chosen,
                }
            )
            .Fit(_rows.View)
            .Heads!;
        CollectionAssert.AreEqual(stated.ToArray(), inherited.ToArray());
    }

    [TestMethod]
    public void FineAndCoarseWordsSelectedOtherwiseAreRefusedUnlessAllowed()
    {
        IDataView view = _rows.ExtractedWith(Chosen);
        Mask(Select(view, new()), new());
        IDataView otherwise = Select(view, new() { HeadSelection = Chosen with { EntropyThreshold = 0.75 } });
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Mask(otherwise, new()));
        StringAssert.Contains(error.Message, "'LayerMaps'");
        StringAssert.Contains(error.Message, "'CoarseFlow'");
        StringAssert.Contains(error.Message, "\"EntropyThreshold\":0.75");
        StringAssert.Contains(error.Message, "\"EntropyThreshold\":0.6");
        StringAssert.Contains(error.Message, "AllowFlowMismatch");
        Mask(otherwise, new() { AllowFlowMismatch = true });
        Mask(otherwise, new() { UniformMask = true });
    }

    [TestMethod]
    public void StatedHeadsAreNoSelectionToBeHeldAgainstTheFlow()
    {
        IDataView stated = Select(_rows.ExtractedWith(Chosen), new() { Heads = [new AttentionHead(1, 2, 1)] });
        Assert.IsNull(SelectionAnnotation.Of(stated.Schema["LayerMaps"]));
        Mask(stated, new());
    }

    [TestMethod]
    public void AnExtractorLimitedToSomeLayersStillSaysWhatWasChosen()
    {
        var extractor = new AttentionExtractorOptions
        {
            ModelDirectory = "any",
            Words = ["beak"],
            Capture = new() { Flow = new() { HeadSelection = Chosen } },
        };
        using HeadSelectorTransformer selector = ML
            .Transforms.SelectHeads(new HeadSelectorOptions { Heads = [new AttentionHead(1, 2, 1)] })
            .Fit(_rows.View);
        AttentionExtractorOptions limited = selector.LimitLayers(extractor);
        Assert.IsNull(limited.Capture.Flow);
        Assert.AreEqual(Chosen, limited.StatedHeadSelection);
        Assert.IsNull(extractor.HeadSelection, "the user's options were changed");
    }

    private IDataView Select(IDataView view, HeadSelectorOptions options) => ML.Transforms.SelectHeads(options).Fit(view).Transform(view);

    private void Mask(IDataView view, RolloutMaskerOptions options) =>
        ML.Transforms.MaskByRollout(options).Fit(view).Transform(view).Vectors("GroundingMaps");

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row]);
        }
    }
}
