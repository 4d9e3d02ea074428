using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Prediction;
using MLNetGrounding.Rendering;
using MLNetGrounding.Results;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Catalogs;

/// <summary>
/// A grid of 10 x 16 cells from columns to scores, features and pictures, where a reader that exchanges its sides is found out.
/// </summary>
[TestClass]
public sealed class RectangularGridTests
{
    private static readonly MLContext ML = new();
    private static readonly Lazy<ITransformer> Model = new(() => Pipeline().Fit(RectangularRows.View));
    private static readonly Lazy<IDataView> Result = new(() => Model.Value.Transform(RectangularRows.View));

    private static MapGrid Grid => RectangularRows.Grid;

    [TestMethod]
    public void TheHeadsWithABlockAreKept()
    {
        CollectionAssert.AreEqual(new[] { 2, 2, 10, 16 }, Result.Value.Schema.Dimensions("LayerMaps"));
        foreach (float[] kept in Result.Value.Vectors("KeptHeads"))
        {
            CollectionAssert.AreEqual((float[])[1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0], kept);
        }

        float[] expected =
        [
            .. RectangularRows.Block(0),
            .. RectangularRows.Block(0),
            .. RectangularRows.Block(1),
            .. RectangularRows.Block(1),
        ];
        Assert.IsTrue(Result.Value.Vectors("LayerMaps").All(maps => maps.SequenceEqual(expected)));
    }

    [TestMethod]
    public void HeadsAreLearnedOnRectangles()
    {
        IDataView data = ML
            .Transforms.SelectHeads(new HeadSelectorOptions { Fitting = new HeadFittingOptions { Heads = 2 } })
            .Fit(RectangularRows.View)
            .Transform(RectangularRows.View);

        CollectionAssert.AreEqual((float[])[1, 0, 0, 1, 0, 0], data.Vectors("KeptHeads")[0][..6]);
    }

    [TestMethod]
    public void MaskAndMapsLieOnTheBlocks()
    {
        CollectionAssert.AreEqual(new[] { 10, 16 }, Result.Value.Schema.Dimensions("CoarseMask"));
        CollectionAssert.AreEqual(new[] { 2, 10, 16 }, Result.Value.Schema.Dimensions("GroundingMaps"));
        float[] mask = Result.Value.Vectors("CoarseMask")[0];
        float[] maps = Result.Value.Vectors("GroundingMaps")[0];
        for (int cell = 0; cell < Grid.Cells; cell++)
        {
            (float beak, float tail) = (RectangularRows.Block(0)[cell], RectangularRows.Block(1)[cell]);
            Assert.AreEqual(beak + tail > 0, mask[cell] == 1, $"{cell}");
            // Weight times map: 1 in the middle, a half around it, in two layers.
            Assert.AreEqual(10 * beak * beak, maps[cell], 1e-6, $"{cell}");
            Assert.AreEqual(10 * tail * tail, maps[Grid.Cells + cell], 1e-6, $"{cell}");
        }
    }

    [TestMethod]
    public void OnlyMapsOfSquaresAreMultipliedAsMatrices()
    {
        IDataView layers = ML
            .Transforms.SelectHeads(new HeadSelectorOptions { CoarseAttentionColumnName = "CoarseAttention" })
            .Fit(RectangularRows.View)
            .Transform(RectangularRows.View);

        float[] mask = Mask(RolloutForm.SpatialElementwise).Transform(layers).Vectors("CoarseMask")[0];
        Assert.AreEqual(1, mask[(3 * Grid.Width) + 13]);
        Assert.AreEqual((1.1 * 1.1) / (1.2 * 1.2), mask[(2 * Grid.Width) + 12], 1e-6);
        Assert.AreEqual(1 / (1.2 * 1.2), mask[0], 1e-6);
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Mask(RolloutForm.SpatialProduct)).Message;
        Assert.Contains("SpatialProduct", message);
        Assert.Contains("10 x 16", message);

        RolloutMaskerTransformer Mask(RolloutForm form) =>
            ML.Transforms.MaskByRollout(new RolloutMaskerOptions { Rollout = new RolloutOptions { Form = form } }).Fit(layers);
    }

    [TestMethod]
    public void ScoresAreThoseOfTheBlocks()
    {
        (float[][] hit, float[][] area, float[][] mpir) = (
            Result.Value.Vectors("Hit"),
            Result.Value.Vectors("Area"),
            Result.Value.Vectors("Mpir")
        );
        for (int id = 0; id < 3; id++)
        {
            CollectionAssert.AreEqual((float[])[1, 0], hit[id], $"{id}");
            Assert.AreEqual(RectangularRows.AreaOf(id), area[id][0], 1e-6, $"{id}");
            Assert.AreEqual(RectangularRows.AreaOf(id), area[id][1], 1e-6, $"{id}");
            Assert.AreEqual(1 / RectangularRows.AreaOf(id), mpir[id][0], 1e-4, $"{id}");
        }
    }

    [TestMethod]
    public void AnEvaluationScoresTheSameAndItsBaselinesKnowTheGrid()
    {
        MethodEvaluation evaluation = ML.Grounding.EvaluateMethods(
            Result.Value,
            new MethodEvaluationOptions
            {
                KeyPointTable = RectangularRows.KeyPointTable,
                SwappedQueries = new Dictionary<string, string>(),
                ChanceDraws = 20_000,
                PartPositions = ML.Grounding.LearnPartPositions(Result.Value, RectangularRows.Queries, RectangularRows.KeyPointTable),
            }
        );

        AttributeScores beak = evaluation["GroundingMaps"].Attributes[0];
        Assert.AreEqual(1, beak.AtThreshold(0.05).HitRate.Value);
        Assert.AreEqual(Enumerable.Range(0, 3).Average(id => 1 / RectangularRows.AreaOf(id)), beak.AtThreshold(0.05).Mpir.Value, 1e-3);
        Assert.AreEqual(1, beak.Pointing.Value);
        Assert.AreEqual(1, beak.MassInBox.Value, 1e-5);
        AttributeScores tail = evaluation["GroundingMaps"].Attributes[1];
        Assert.AreEqual(0, tail.AtThreshold(0.05).HitRate.Value);
        Assert.AreEqual(0, tail.Pointing.Value);
        // Cells of 1/160, 1/128 and 1/160 of what is seen, placed at random.
        Assert.AreEqual(1, evaluation["Chance.OneCell.OnePoint"].Mean.AtThreshold(0.05).Mpir.Value, 0.3);
        Assert.AreEqual(1.0 / 160, evaluation["Chance.OneCell.OnePoint"].Mean.AtThreshold(0.05).MedianArea.Value, 1e-6);
        // Of every image, the beak is at the same place of its box: the middle.
        Assert.AreEqual(1, evaluation["MeanPartPosition"].Attributes[0].Pointing.Value);
    }

    [TestMethod]
    public void AGeometryOfAnotherGridIsNotScored()
    {
        var view = new ListView<int>(
            [0, 1],
            [
                ListColumn<int>.Scalar("ImageId", NumberDataViewType.Int32, id => id),
                ListColumn<int>.Vector(
                    "Geometry",
                    [ImageGeometry.Length],
                    id =>
                    {
                        float[] vector = new float[ImageGeometry.Length];
                        ImageGeometry.Create(ImageFit.Pad, 320, 200, 160, 160, id == 0 ? Grid : new MapGrid(16, 10), 10, 10).CopyTo(vector);
                        return vector;
                    }
                ),
                ListColumn<int>.Vector("GroundingMaps", [2, 10, 16], _ => [.. RectangularRows.Block(0), .. RectangularRows.Block(1)]) with
                {
                    Column = ColumnAnnotations.Vector("GroundingMaps", [2, 10, 16], ["query", "row", "column"], RectangularRows.Queries),
                },
                ListColumn<int>.Vector("KeyPoints", [15, 2], _ => new float[30]),
                ListColumn<int>.Vector("KeyPointVisible", [15], _ => [.. Enumerable.Repeat(1f, 15)]),
            ]
        );
        var context = new LoggingContext();

        float[][] hit = context
            .ML.Transforms.EvaluateMpir(new MpirEvaluatorOptions { KeyPointTable = RectangularRows.KeyPointTable })
            .Fit(view)
            .Transform(view)
            .Vectors("Hit");

        CollectionAssert.AreEqual(new float[2], hit[0]);
        Assert.IsTrue(hit[1].All(float.IsNaN));
        Assert.IsTrue(
            context.Warnings.Any(message => message.Contains("16 x 10 cells, the maps have 10 x 16", StringComparison.Ordinal)),
            string.Join('\n', context.Warnings)
        );
    }

    [TestMethod]
    public void FeaturesAreThoseOfTheBlocksMiddles()
    {
        foreach (float[] features in Result.Value.Vectors("GroundingFeatures"))
        {
            float[] expected = [.. RectangularRows.Middles.SelectMany(middle => (float[])[middle.Row, middle.Column, 1])];
            for (int slot = 0; slot < expected.Length; slot++)
            {
                Assert.AreEqual(expected[slot], features[slot], 1e-5);
            }
        }
    }

    [TestMethod]
    public void AMapCoversThePixelsOfItsBlock()
    {
        for (int id = 0; id < 3; id++)
        {
            for (int query = 0; query < 2; query++)
            {
                using MLImage image = RectangularRows.Image(id);
                using var overlay = new GroundingOverlay(image, RectangularRows.Geometry(id));
                using MLImage before = overlay.ToImage();
                using MLImage after = overlay.DrawMap(RectangularRows.Block(query)).ToImage();

                (double left, double top, double right, double bottom) = RectangularRows.BlockOf(id, query);
                (int foundLeft, int foundTop, int foundRight, int foundBottom) = DrawnPixels.OfDifference(before, after)!.Value;
                // Half pixels are drawn or not.
                Assert.AreEqual(left, foundLeft, 0.5, $"{id} {query}");
                Assert.AreEqual(top, foundTop, 0.5, $"{id} {query}");
                Assert.AreEqual(right, foundRight, 0.5, $"{id} {query}");
                Assert.AreEqual(bottom, foundBottom, 0.5, $"{id} {query}");
            }
        }
    }

    [TestMethod]
    public void ThePipelineDrawsWhatAnOverlayDraws()
    {
        float[] maps = Result.Value.Vectors("GroundingMaps")[0];
        int id = 0;
        foreach (MLImage picture in Result.Value.GetColumn<MLImage>("Overlay"))
        {
            using MLImage image = RectangularRows.Image(id);
            using var overlay = new GroundingOverlay(image, RectangularRows.Geometry(id));
            using MLImage expected = overlay
                .DrawMap(maps.AsSpan(0, Grid.Cells))
                .DrawRegion(maps.AsSpan(0, Grid.Cells), 0.05)
                .DrawLabel("beak")
                .ToImage();
            Assert.IsNull(DrawnPixels.OfDifference(expected, picture), $"{id}");
            id++;
        }

        Assert.AreEqual(3, id);
    }

    [TestMethod]
    public void ARegionIsOutlinedAndKeyPointsAreMarkedByIt()
    {
        using MLImage image = RectangularRows.Image(1);
        using var overlay = new GroundingOverlay(image, RectangularRows.Geometry(1));
        using MLImage before = overlay.ToImage();
        using MLImage outlined = overlay.DrawRegion(RectangularRows.Block(0)).ToImage();
        // The block has the pixels 300 to 375 and 25 to 100; a line with its rim is up to 4 pixels wide, half of them outside.
        (int left, int top, int right, int bottom) = DrawnPixels.OfDifference(before, outlined)!.Value;
        Assert.IsTrue(
            left is >= 298 and < 300 && top is >= 23 and < 25 && right is > 375 and <= 377 && bottom is > 100 and <= 102,
            $"{left} {top} {right} {bottom}"
        );

        using var marked = new GroundingOverlay(image, RectangularRows.Geometry(1));
        using MLImage expected = marked
            .DrawRegion(RectangularRows.Block(0))
            .DrawKeyPoint(337, 62, KeyPointMark.Hit)
            .DrawKeyPoint(62, 137, KeyPointMark.Miss)
            .ToImage();
        using MLImage scored = overlay
            .DrawScoredKeyPoint(337, 62, RectangularRows.Block(0))
            .DrawScoredKeyPoint(62, 137, RectangularRows.Block(0))
            .ToImage();
        Assert.IsNull(DrawnPixels.OfDifference(expected, scored));
        Assert.Contains("10 x 16", Assert.ThrowsExactly<ArgumentException>(() => overlay.DrawMap(new float[256])).Message);
    }

    [TestMethod]
    public void ImagesAreReadWithTheirGridAndFiguresShowTheBlocks()
    {
        GroundingFigureOptions look = new() { PanelEdge = 160, KeyPointTable = RectangularRows.KeyPointTable };
        GroundedImage[] images = [.. ML.Grounding.ReadImages(Result.Value, new GroundedImageColumns { Details = 3 })];
        try
        {
            for (int id = 0; id < 3; id++)
            {
                Assert.AreEqual(Grid, images[id].Grid);
                HeadVerdict[] verdicts = HeadVerdict.Of(
                    images[id].Layers!.FineAttention.Span[..(RectangularRows.Heads * Grid.Cells)],
                    RectangularRows.Heads,
                    Grid,
                    new HeadSelectionOptions(),
                    []
                );
                CollectionAssert.AreEqual(
                    (HeadFailures[])[HeadFailures.None, HeadFailures.Compactness, HeadFailures.Entropy],
                    verdicts.Select(verdict => verdict.Failures).ToArray(),
                    $"{id}"
                );
                using MLImage queries = GroundingFigures.Queries(images[id], look);
                using MLImage layers = GroundingFigures.Layers(images[id], "tail", look);
                using MLImage heads = GroundingFigures.Heads(images[id], "beak", 1, look);
                using MLImage mask = GroundingFigures.MaskAndMaps(images[id], look);
                Assert.IsTrue(Shows(layers, images[id], overlay => overlay.DrawMap(RectangularRows.Block(1))), $"{id}");
                Assert.IsTrue(Shows(heads, images[id], overlay => overlay.DrawMap(RectangularRows.Block(0))), $"{id}");
                foreach (MLImage figure in (MLImage[])[queries, mask])
                {
                    Assert.IsTrue(
                        Shows(
                            figure,
                            images[id],
                            overlay => overlay.DrawGrounding(images[id], 1, look.RegionThreshold, look.KeyPointTable)
                        ),
                        $"{id}"
                    );
                }

                Assert.IsFalse(Shows(heads, images[id], overlay => overlay.DrawMap(RectangularRows.Block(1))), $"{id}");
            }
        }
        finally
        {
            Array.ForEach(images, image => image.Dispose());
        }
    }

    [TestMethod]
    public void ImagesMadeByHandMustHaveTheGeometrysCells()
    {
        using GroundedImage image = new()
        {
            Image = RectangularRows.Image(0),
            Geometry = RectangularRows.Geometry(0),
            Queries = RectangularRows.Queries,
            Methods = [new GroundedMaps("mine", new float[2 * 256])],
            Name = "a.png",
        };
        string message = Assert.ThrowsExactly<ArgumentException>(() => image.Grid).Message;
        Assert.Contains("'a.png'", message);
        Assert.Contains("10 x 16", message);
    }

    [TestMethod]
    public void APredictionsRegionsAreRectanglesOfTheGrid()
    {
        var row = new GroundedColumns
        {
            GroundingMaps = Result.Value.Vectors("GroundingMaps")[1],
            Geometry = Result.Value.Vectors("Geometry")[1],
        };

        var prediction = new GroundingPrediction(RectangularRows.Queries, Grid, row, threshold: 0.05, scored: false);

        PredictedRegion region = prediction["beak"].Region;
        Assert.AreEqual((Grid, Grid, 9), (prediction["beak"].Grid, region.Grid, region.Count));
        (double left, double top, double right, double bottom) = RectangularRows.BlockOf(1, 0);
        int y = (int)Math.Max(top, 0);
        Assert.AreEqual(new PixelBox((int)left, y, (int)(right - left), (int)bottom - y), region.Box);
        Assert.AreEqual(9.0 / 128, region.Area, 1e-6);
        Assert.IsTrue(region[3, 13] && region.Contains(337, 62) && !region.Contains(62, 137));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => region[13, 3]);
        row.Geometry = [.. Result.Value.Vectors("Geometry")[1]];
        (row.Geometry[8], row.Geometry[9]) = (5, 16);
        Assert.Throws<ArgumentException>(() => new GroundingPrediction(RectangularRows.Queries, Grid, row, threshold: 0.05, scored: false));
    }

    [TestMethod]
    public void ASavedModelKnowsTheGrid()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.zip");
        ML.Model.SaveGrounding(Model.Value, RectangularRows.View.Schema, path);

        IDataView loaded = ML.Model.LoadGrounding(path, out DataViewSchema? schema).Transform(RectangularRows.View);

        CollectionAssert.AreEqual(new[] { 2, 2, 3, 10, 16 }, schema!.Dimensions("FineAttention"));
        foreach (string column in (string[])["GroundingMaps", "CoarseMask", "Hit", "Area", "GroundingFeatures"])
        {
            CollectionAssert.AreEqual(Result.Value.Schema.Dimensions(column), loaded.Schema.Dimensions(column));
            Columns.AssertSame(Result.Value.Vectors(column), loaded.Vectors(column));
        }
    }

    /// <summary>Whether a figure has a panel with what is drawn.</summary>
    private static bool Shows(MLImage figure, GroundedImage image, Action<GroundingOverlay> draw)
    {
        using var overlay = new GroundingOverlay(image.Image, image.Geometry, new GroundingFigureOptions { PanelEdge = 160 }.PanelLook);
        draw(overlay);
        using MLImage panel = overlay.ToImage();
        for (int top = 0; top + panel.Height <= figure.Height; top++)
        {
            for (int left = 0; left + panel.Width <= figure.Width; left++)
            {
                if (
                    Enumerable
                        .Range(0, panel.Height)
                        .All(y => Row(figure, left, top + y, panel.Width).SequenceEqual(Row(panel, 0, y, panel.Width)))
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Row(MLImage image, int left, int y, int width) =>
        image.Pixels.Slice(4 * ((y * image.Width) + left), 4 * width);

    private static EstimatorChain<GroundingDrawerTransformer> Pipeline() =>
        ML
            .Transforms.SelectHeads()
            .Append(ML.Transforms.MaskByRollout())
            .Append(ML.Transforms.EvaluateMpir(new MpirEvaluatorOptions { KeyPointTable = RectangularRows.KeyPointTable }))
            .Append(ML.Transforms.FeaturizeGrounding(pooling: new PoolingOptions { Weights = PoolingWeights.Region }))
            .Append(ML.Transforms.DrawGrounding("beak"));
}
