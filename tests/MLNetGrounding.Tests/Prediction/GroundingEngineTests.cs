using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Prediction;

/// <summary>Single images through ML.NET's prediction engine, with names and types.</summary>
[TestClass]
public sealed class GroundingEngineTests
{
    private const int Count = 6;
    private static readonly Lazy<Pictures> Shared = new(() => new Pictures(Count));

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void AnImageGivesWhatAViewGives()
    {
        float[][] expected = TinyExtraction.Ground(ML, Shared.Value.View, readAhead: 2).Vectors("GroundingMaps");
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(Fit(), regionThreshold: 0.4);
        CollectionAssert.AreEqual(TinyExtraction.QueryNames, engine.QueryNames.ToArray());
        foreach (Picture picture in Shared.Value.Rows)
        {
            GroundingPrediction prediction = engine.Predict(picture.Image!);
            Assert.IsFalse(prediction.Failed);
            float[] maps = [.. prediction.Queries.SelectMany(query => query.Map.ToArray())];
            CollectionAssert.AreEqual(expected[picture.Id], maps);
            Assert.AreEqual(
                (picture.Image!.Width, picture.Image.Height),
                (prediction.Geometry!.Value.ImageWidth, prediction.Geometry.Value.ImageHeight)
            );
            foreach (GroundedQuery query in prediction.Queries)
            {
                Assert.AreSame(query, prediction[query.Name]);
                Assert.AreEqual(new MapGrid(TinyExtraction.Grid, TinyExtraction.Grid), query.Grid);
                Assert.AreEqual((null, null, null), (query.Hit, query.Area, query.Mpir));
                AssertRegion(query.Region, query, prediction.Geometry.Value, 0.4);
                AssertRegion(query.RegionAt(0.8), query, prediction.Geometry.Value, 0.8);
            }
        }

        Assert.IsGreaterThan(0, Shared.Value.Rows[0].Image!.Pixels.Length, "the caller's images are left alone");
        KeyNotFoundException error = Assert.ThrowsExactly<KeyNotFoundException>(() => engine.Predict(Shared.Value.Rows[0].Image!)["beak"]);
        StringAssert.Contains(error.Message, "q1");
    }

    [TestMethod]
    public void AFileGivesWhatAChainThatLoadsFilesGives()
    {
        string path = GoldenData.TinyA.Image("img0_pad");
        IDataView files = ML.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = path } });
        TransformerChain<RolloutMaskerTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(TinyExtraction.Options(2)))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(files);
        float[] expected = chain.Transform(files).Vectors("GroundingMaps")[0];
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(chain);
        CollectionAssert.AreEqual(expected, engine.Predict(path).Queries.SelectMany(query => query.Map.ToArray()).ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void AFileGivesTheSameByPathAndAsAnImage(bool asStored)
    {
        string path = TestData.Fixture("images/png-rgba-o6.png");
        var loading = new ImageLoadingOptions { AsStored = asStored };
        IDataView files = ML.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = path } });
        TransformerChain<RolloutMaskerTransformer> chain = ML
            .Transforms.LoadGroundingImages(loading: loading)
            .Append(ML.Transforms.ExtractAttention(TinyExtraction.Options(2)))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(files);
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(chain);
        using MLImage image = ImageFile.Load(path, loading);
        GroundingPrediction byPath = engine.Predict(path);
        GroundingPrediction byImage = engine.Predict(image);
        Assert.AreEqual(asStored ? (21, 13) : (13, 21), (byPath.Geometry!.Value.ImageWidth, byPath.Geometry.Value.ImageHeight));
        Assert.AreEqual(byPath.Geometry, byImage.Geometry);
        CollectionAssert.AreEqual(
            byPath.Queries.SelectMany(query => query.Map.ToArray()).ToArray(),
            byImage.Queries.SelectMany(query => query.Map.ToArray()).ToArray()
        );
    }

    [TestMethod]
    public void AFileThatIsNoImageIsNamed()
    {
        using var folder = new TemporaryFolder();
        string broken = folder.Write("broken.png", "no image");
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(Fit());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict(broken)).Message, "broken.png");
        Assert.IsFalse(engine.Predict(Shared.Value.Rows[0].Image!).Failed, "the engine goes on");
    }

    [TestMethod]
    public void WithoutAnImageThePredictionFailsAndTheLogSaysWhy()
    {
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(Fit());
        GroundingPrediction prediction = engine.Predict(new GroundingInput());
        Assert.IsTrue(prediction.Failed);
        Assert.IsNull(prediction.Geometry);
        foreach (GroundedQuery query in prediction.Queries)
        {
            Assert.IsTrue(query.Map.ToArray().All(float.IsNaN));
            Assert.AreEqual(0, query.Region.Count);
            Assert.AreEqual(0, query.Region.Area);
            Assert.IsNull(query.Region.Box);
            Assert.IsFalse(query.Region.Contains(1, 1));
        }

        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("there is no image")));
    }

    [TestMethod]
    public void AQueryThatCouldNotBeComputedCostsNoOther()
    {
        var row = new GroundedColumns { GroundingMaps = [float.NaN, 0, 0, 0, 0, 1, 0, 0], Geometry = new float[ImageGeometry.Length] };
        SquareGeometry.Create(ImageFit.Pad, 30, 20, 28, 2).CopyTo(row.Geometry);
        var prediction = new GroundingPrediction(["beak", "eye"], new MapGrid(2, 2), row, threshold: 0.5, scored: false);
        Assert.IsFalse(prediction.Failed);
        Assert.IsNotNull(prediction.Geometry);
        Assert.AreEqual(0, prediction["beak"].Region.Count);
        Assert.IsNull(prediction["beak"].Region.Box);
        Assert.AreEqual(1, prediction["eye"].Region.Count);
        row.GroundingMaps.AsSpan(4).Fill(float.NaN);
        Assert.IsTrue(new GroundingPrediction(["beak", "eye"], new MapGrid(2, 2), row, threshold: 0.5, scored: false).Failed);
    }

    [TestMethod]
    public void KeyPointsAreScoredAsInAView()
    {
        var random = new Random(1);
        GroundingInput[] inputs =
        [
            .. Shared.Value.Rows.Select(row => new GroundingInput
            {
                Image = row.Image,
                KeyPoints = [.. Enumerable.Range(0, 30).Select(_ => random.NextSingle() * 30)],
                KeyPointVisible = [.. Enumerable.Range(0, 15).Select(_ => (float)random.Next(2))],
            }),
        ];
        SchemaDefinition definition = InputsOf(points: 15);
        new KeyPointDescription
        {
            KeyPointTable = TinyExtraction
                .QueryNames.Select((name, query) => (name, query))
                .ToDictionary(each => each.name, each => (IReadOnlyList<int>)[each.query, 14 - each.query]),
        }.AddTo(definition[nameof(GroundingInput.KeyPoints)]);
        IDataView rows = ML.Data.LoadFromEnumerable(inputs, definition);
        TransformerChain<MpirEvaluatorTransformer> chain = ML
            .Transforms.ExtractAttention(TinyExtraction.Options(2))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Append(ML.Transforms.EvaluateMpir(regionThreshold: 0.3))
            .Fit(rows);
        (float[][] hits, float[][] areas, float[][] mpirs) = (
            chain.Transform(rows).Vectors("Hit"),
            chain.Transform(rows).Vectors("Area"),
            chain.Transform(rows).Vectors("Mpir")
        );
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(chain, regionThreshold: 0.3);
        int scored = 0;
        for (int row = 0; row < inputs.Length; row++)
        {
            GroundingPrediction prediction = engine.Predict(inputs[row]);
            for (int query = 0; query < prediction.Queries.Count; query++)
            {
                GroundedQuery grounded = prediction.Queries[query];
                if (float.IsNaN(hits[row][query]))
                {
                    Assert.IsNull(grounded.Hit);
                    continue;
                }

                scored++;
                Assert.AreEqual(hits[row][query] == 1, grounded.Hit);
                Assert.AreEqual(areas[row][query], grounded.Area!.Value);
                Assert.AreEqual(mpirs[row][query], grounded.Mpir!.Value);
                Assert.AreEqual(grounded.Area.Value, grounded.Region.Area, 1e-6);
                bool contained = new[] { query, 14 - query }.Any(point =>
                    inputs[row].KeyPointVisible![point] == 1
                    && grounded.Region.Contains(inputs[row].KeyPoints![2 * point], inputs[row].KeyPoints![(2 * point) + 1])
                );
                Assert.AreEqual(grounded.Hit, contained);
            }

            Assert.IsTrue(
                engine.Predict(inputs[row].Image!).Queries.All(query => query.Hit is null),
                "without key points nothing is scored"
            );
        }

        Assert.IsGreaterThan(0, scored);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() =>
            engine.Predict(new GroundingInput { Image = inputs[0].Image, KeyPoints = [1, 2] })
        );
        StringAssert.Contains(error.Message, "expected at least 30");
        error = Assert.ThrowsExactly<ArgumentException>(() =>
            engine.Predict(new GroundingInput { KeyPoints = new float[30], KeyPointVisible = new float[14] })
        );
        StringAssert.Contains(error.Message, "one visibility, of each point");
    }

    [TestMethod]
    public void AModelWithoutMapsIsRefusedByTheColumnsName()
    {
        AttentionExtractorTransformer extractor = ML.Transforms.ExtractAttention(TinyExtraction.Options(2)).Fit(Shared.Value.View);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Model.CreateGroundingEngine(extractor)
        );
        StringAssert.Contains(error.Message, "'GroundingMaps'");
        StringAssert.Contains(error.Message, nameof(GroundingEngineOptions.GroundingMapsColumnName));
        extractor.Dispose();
    }

    [TestMethod]
    public void ColumnsMayHaveOtherNames()
    {
        AttentionExtractorOptions options = TinyExtraction.Options(2);
        options.ImageColumnName = "Photo";
        IDataView renamed = ML.Transforms.CopyColumns("Photo", "Image").Fit(Shared.Value.View).Transform(Shared.Value.View);
        TransformerChain<RolloutMaskerTransformer> chain = ML
            .Transforms.ExtractAttention(options)
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout(new RolloutMaskerOptions { GroundingMapsColumnName = "Maps" }))
            .Fit(renamed);
        using GroundingEngine engine = ML.Model.CreateGroundingEngine(
            chain,
            new GroundingEngineOptions { ImageColumnName = "Photo", GroundingMapsColumnName = "Maps" }
        );
        Assert.IsFalse(engine.Predict(Shared.Value.Rows[1].Image!).Failed);
    }

    [TestMethod]
    public void PooledEnginesOnManyThreadsShareOneModelAndGiveTheSame()
    {
        using var checkpoint = new CheckpointCopy();
        using TransformerChain<RolloutMaskerTransformer> model = Fit(checkpoint.Path);
        int mappings = MappedFiles.Count(checkpoint.Path);
        Assert.IsGreaterThan(0, mappings);
        using GroundingEngine single = ML.Model.CreateGroundingEngine(model, ownsModel: false);
        float[][] expected = [.. Shared.Value.Rows.Select(row => Maps(single.Predict(row.Image!)))];

        var pool = new ConcurrentBag<GroundingEngine>();
        int made = 0;
        Parallel.For(
            0,
            8 * Count,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            turn =>
            {
                if (!pool.TryTake(out GroundingEngine? engine))
                {
                    Interlocked.Increment(ref made);
                    engine = ML.Model.CreateGroundingEngine(model, ownsModel: false);
                }

                CollectionAssert.AreEqual(expected[turn % Count], Maps(engine.Predict(Shared.Value.Rows[turn % Count].Image!)));
                pool.Add(engine);
            }
        );
        Assert.AreEqual(mappings, MappedFiles.Count(checkpoint.Path), $"{made} engines map the weights as often as one");
        while (pool.TryTake(out GroundingEngine? engine))
        {
            engine.Dispose();
        }

        Assert.AreEqual(mappings, MappedFiles.Count(checkpoint.Path), "engines that do not own the model leave it open");
    }

    [TestMethod]
    public void AnEngineThatOwnsItsModelReleasesIt()
    {
        using var checkpoint = new CheckpointCopy();
        TransformerChain<RolloutMaskerTransformer> model = Fit(checkpoint.Path);
        GroundingEngine engine = ML.Model.CreateGroundingEngine(model);
        Assert.IsGreaterThan(0, MappedFiles.Count(checkpoint.Path));
        engine.Dispose();
        engine.Dispose();
        Assert.AreEqual(0, MappedFiles.Count(checkpoint.Path));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(Shared.Value.View));
    }

    [TestMethod]
    public void OptionsAreChecked()
    {
        TransformerChain<RolloutMaskerTransformer> model = Fit();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Model.CreateGroundingEngine(model, regionThreshold: 1.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Model.CreateGroundingEngine(model, new GroundingEngineOptions { KeyPoints = 0 })
        );
        Assert.ThrowsExactly<ArgumentException>(() =>
            ML.Model.CreateGroundingEngine(model, new GroundingEngineOptions { ImageColumnName = "" })
        );
    }

    private static SchemaDefinition InputsOf(int points)
    {
        var definition = SchemaDefinition.Create(typeof(GroundingInput));
        definition[nameof(GroundingInput.KeyPoints)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, points, 2);
        definition[nameof(GroundingInput.KeyPointVisible)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, points);
        return definition;
    }

    private static void AssertRegion(PredictedRegion region, GroundedQuery query, in ImageGeometry geometry, double threshold)
    {
        float[] map = query.Map.ToArray();
        (float minimum, float maximum) = (map.Min(), map.Max());
        MapGrid grid = query.Grid;
        Assert.AreEqual(grid, region.Grid);
        for (int cell = 0; cell < map.Length; cell++)
        {
            bool expected = maximum > minimum && ((double)map[cell] - minimum) / ((double)maximum - minimum) >= threshold;
            Assert.AreEqual(expected, region[cell / grid.Width, cell % grid.Width], $"cell {cell}");
            Assert.AreEqual(expected, region.Cells.Span[cell]);
        }

        Assert.AreEqual(region.Cells.ToArray().Count(cell => cell), region.Count);

        // Pixel by pixel: the region, its share of the frame, and the box around it.
        (int inside, double left, double right) = (0, double.MaxValue, double.MinValue);
        (double top, double bottom) = (double.MaxValue, double.MinValue);
        const int parts = 4;
        for (int y = 0; y < geometry.ImageHeight * parts; y++)
        {
            for (int x = 0; x < geometry.ImageWidth * parts; x++)
            {
                if (region.Contains((x + 0.5) / parts, (y + 0.5) / parts))
                {
                    inside++;
                    (left, right) = (Math.Min(left, (double)x / parts), Math.Max(right, (x + 1.0) / parts));
                    (top, bottom) = (Math.Min(top, (double)y / parts), Math.Max(bottom, (y + 1.0) / parts));
                }
            }
        }

        double share = (double)inside / (geometry.ImageWidth * geometry.ImageHeight * parts * parts);
        Assert.AreEqual(share, region.Area, 0.02);
        Assert.AreEqual(inside > 0, region.Box is not null);
        if (region.Box is { } box)
        {
            // All parts together; PredictedRegionTests has them one by one.
            Assert.AreEqual(box, region.Boxes[0]);
            Assert.AreEqual(left, region.Boxes.Min(each => each.X), 1);
            Assert.AreEqual(top, region.Boxes.Min(each => each.Y), 1);
            Assert.AreEqual(right, region.Boxes.Max(each => each.X + each.Width), 1);
            Assert.AreEqual(bottom, region.Boxes.Max(each => each.Y + each.Height), 1);
        }
    }

    private static float[] Maps(GroundingPrediction prediction) => [.. prediction.Queries.SelectMany(query => query.Map.ToArray())];

    private TransformerChain<RolloutMaskerTransformer> Fit(string? checkpoint = null)
    {
        AttentionExtractorOptions options = TinyExtraction.Options(2);
        options.ModelDirectory = checkpoint ?? options.ModelDirectory;
        return ML
            .Transforms.ExtractAttention(options)
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(Shared.Value.View);
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
