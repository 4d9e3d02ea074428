using Microsoft.ML;
using MLNetGrounding.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Errors about columns that are missing name the component to append.</summary>
[TestClass]
public sealed class ColumnMakersTests
{
    private static readonly MLContext ML = new();

    private static IDataView Paths => ML.Data.LoadFromEnumerable([new PathRow { ImagePath = "a.png" }]);

    [TestMethod]
    public void WhatMakesTheColumnIsToBeAppended()
    {
        Says(
            "Append LoadGroundingImages before this one, or set ImageColumnName",
            () => ML.Transforms.ExtractAttention(SampleLlava.Directory, ["beak"]).Fit(Paths)
        );
        Says("Append ExtractAttention before this one, or set FineAttentionColumnName", () => ML.Transforms.SelectHeads().Fit(Paths));
        Says("Append SelectHeads before this one, or set LayerMapsColumnName", () => ML.Transforms.MaskByRollout().Fit(Paths));
        Says("Append MaskByRollout before this one, or set GroundingMapsColumnName", () => ML.Transforms.FeaturizeGrounding().Fit(Paths));
        Says(
            "Load rows with LoadImageFiles, or set",
            () => ML.Transforms.LoadGroundingImages().Fit(ML.Data.LoadFromEnumerable([new OtherRow()]))
        );
    }

    [TestMethod]
    public void PatchFeaturesAreAskedForByTheirOption()
    {
        IDataView maps = ML.Transforms.DropColumns("PatchFeatures").Fit(RectangularRows.View).Transform(RectangularRows.View);
        IDataView grounded = ML.Transforms.SelectHeads().Append(ML.Transforms.MaskByRollout()).Fit(maps).Transform(maps);
        Says("ExtractAttention with PatchFeaturesColumnName", () => ML.Transforms.FeaturizeGrounding().Fit(grounded));
    }

    [TestMethod]
    public void AColumnOfAnotherNameIsKnownByItsOption() =>
        Says(
            "Append SelectHeads before this one, or set LayerMapsColumnName",
            () => ML.Transforms.MaskByRollout(new RolloutMaskerOptions { LayerMapsColumnName = "Mine" }).Fit(Paths)
        );

    private static void Says(string text, Action action) =>
        Assert.Contains(text, Assert.Throws<ArgumentOutOfRangeException>(action).Message);

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class OtherRow
    {
        public string Name { get; set; } = "";
    }
}
