using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.MlNet;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Attention;

/// <summary>Attention extraction on the tiny golden checkpoint.</summary>
[TestClass]
public sealed class AttentionExtractorTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    private static GoldenData Golden => GoldenData.TinyA;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new AttentionExtractorOptions();
        Assert.IsNull(options.ModelDirectory);
        Assert.IsNull(options.Model);
        Assert.IsNull(options.ModelOptions);
        Assert.IsEmpty(options.Words);
        Assert.IsNull(options.Object);
        Assert.IsNull(options.Queries);
        Assert.AreEqual(new CaptureOptions(), options.Capture);
        Assert.AreEqual("Image", options.ImageColumnName);
        Assert.AreEqual("FineAttention", options.FineAttentionColumnName);
        Assert.AreEqual("CoarseAttention", options.CoarseAttentionColumnName);
        Assert.AreEqual("CoarseFlow", options.CoarseFlowColumnName);
        Assert.AreEqual("FlowRowSums", options.FlowRowSumsColumnName);
        Assert.AreEqual("Geometry", options.GeometryColumnName);
        Assert.IsNull(options.PatchFeaturesColumnName);
        Assert.IsNull(options.NeutralAttentionColumnName);
        Assert.IsNull(options.BackgroundAttentionColumnName);
    }

    [TestMethod]
    public void AMissingTokenizerIsSaidWithTheFilesThatWouldDo()
    {
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        options.Queries = null;
        options.Words = ["beak"];
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => Extract(options, "img0"));
        StringAssert.Contains(exception.Message, "missing: a tokenizer (tokenizer.json or tokenizer.model)", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("img0", ImageFit.Crop, "img0_crop")]
    [DataRow("img0", ImageFit.Pad, "img0_pad")]
    [DataRow("img1", ImageFit.Pad, "img1_pad")]
    public void FineAndCoarseAttentionAreHuggingFaces(string image, ImageFit fit, string caseName)
    {
        IDataView data = Extract(Options(fit), image);
        CollectionAssert.AreEqual(new[] { 4, 4, 4, 4, 4 }, data.Schema.Dimensions("FineAttention"));
        CollectionAssert.AreEqual(new[] { 4, 19, 19 }, data.Schema.Dimensions("CoarseFlow"));
        CollectionAssert.AreEqual(new[] { "q1", "q2", "q3", "q4" }, data.Schema["FineAttention"].GetQueryNames().ToArray());
        float[] fine = data.Vectors("FineAttention")[0];
        for (int index = 0; index < 4; index++)
        {
            AssertClose(ExpectedMaps(caseName, Golden.Prompt.FineQueries[index]), fine[(index * 256)..((index + 1) * 256)]);
        }

        AssertClose(ExpectedMaps(caseName, Golden.Prompt.CoarseQuery), data.Vectors("CoarseAttention")[0]);
    }

    [TestMethod]
    public void TheWholeChainGivesTheStoredMaps()
    {
        IDataView images = Images("img0");
        IDataView data = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(Options(ImageFit.Crop)))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout(new RolloutMaskerOptions { ExpectedFlow = new CoarseFlowOptions() }))
            .Fit(images)
            .Transform(images);
        double[] expected = Golden.Method("img0_crop", "fine_final").Doubles();
        float[] actual = data.Vectors("GroundingMaps")[0];
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], 1e-3 * expected.Max());
        }
    }

    [TestMethod]
    public void ARowRunsOnceAndTheFlowOnlyWhereItIsRead()
    {
        var observer = new CountingObserver();
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        options.Capture = options.Capture with { Observers = [observer] };
        options.PatchFeaturesColumnName = "PatchFeatures";
        IDataView data = Extract(options, "img0", "img1");
        Assert.AreEqual(2, data.GetRowCount());
        _ = data.Vectors("Geometry");
        Assert.AreEqual(0, observer.Prompts.Count, "the geometry needs no model");

        Read(data, "FineAttention", "CoarseAttention");
        Assert.HasCount(2, observer.Prompts);
        Assert.IsTrue(observer.Prompts.All(prompt => prompt.Options.Flow is null && !prompt.Options.PatchFeatures));

        observer.Prompts.Clear();
        Read(data, "FineAttention", "CoarseFlow", "FlowRowSums", "PatchFeatures", "Geometry");
        Assert.HasCount(2, observer.Prompts);
        Assert.IsTrue(observer.Prompts.All(prompt => prompt.Options.Flow is not null && prompt.Options.PatchFeatures));
    }

    [TestMethod]
    public void GeometryIsThatOfTheFittedImage()
    {
        foreach (ImageFit fit in new[] { ImageFit.Pad, ImageFit.Crop })
        {
            IDataView data = Extract(Options(fit), "img0", "img1");
            using var model = VisionLanguageModel.Load(Golden.Checkpoint);
            PreparedPrompt prompt = model.Prepare(Queries(), Options(fit).Capture);
            foreach ((string image, float[] vector) in new[] { "img0", "img1" }.Zip(data.Vectors("Geometry")))
            {
                using var decoded = MLImage.CreateFromFile(ImagePath(image));
                Assert.AreEqual(model.Capture(ImageFile.ToRgb(decoded), prompt).Geometry, ImageGeometry.FromVector(vector));
            }
        }
    }

    [TestMethod]
    public void ARowWithoutAnImageIsMarkedThroughAllStepsAndCostsNoOther()
    {
        using var folder = new TemporaryFolder();
        string broken = folder.Write("broken.png", "no image");
        IDataView paths = ML.Data.LoadFromEnumerable(
            new[]
            {
                new PathRow { ImagePath = broken },
                new PathRow { ImagePath = ImagePath("img0") },
            }
        );
        IDataView data = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(Options(ImageFit.Pad)))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(paths)
            .Transform(paths);
        foreach (
            string column in new[]
            {
                "FineAttention",
                "CoarseAttention",
                "CoarseFlow",
                "FlowRowSums",
                "Geometry",
                "LayerMaps",
                "CoarseMask",
                "GroundingMaps",
            }
        )
        {
            float[][] values = data.Vectors(column);
            Assert.IsTrue(values[0].All(float.IsNaN), column);
            Assert.IsFalse(values[1].Any(float.IsNaN), column);
        }

        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("broken.png")));
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("AttentionExtractor: row 0: there is no image")));
    }

    [TestMethod]
    public void APredictionEngineExtractsFromAnImageInMemory()
    {
        IDataView data = Extract(Options(ImageFit.Pad), "img0");
        float[] expected = data.Vectors("FineAttention")[0];
        AttentionExtractorEstimator estimator = ML.Transforms.ExtractAttention(Options(ImageFit.Pad));
        IDataView empty = ML.Data.LoadFromEnumerable(Array.Empty<ImageRow>());
        using PredictionEngine<ImageRow, AttentionResult> engine = ML.Model.CreatePredictionEngine<ImageRow, AttentionResult>(
            estimator.Fit(empty)
        );
        using var image = MLImage.CreateFromFile(ImagePath("img0"));
        for (int turn = 0; turn < 2; turn++)
        {
            CollectionAssert.AreEqual(expected, engine.Predict(new ImageRow { Image = image }).FineAttention);
        }

        Assert.AreEqual(SizeOf("img0").Width, image.Width, "the caller's image is left alone");
    }

    [TestMethod]
    public void AnOpenModelIsSharedAndReleased()
    {
        var model = VisionLanguageModel.Load(Golden.Checkpoint);
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        options.ModelDirectory = null;
        options.Model = model;
        IDataView images = Images("img0");
        EstimatorChain<AttentionExtractorTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(options));
        TransformerChain<AttentionExtractorTransformer> first = chain.Fit(images);
        TransformerChain<AttentionExtractorTransformer> second = chain.Fit(images);
        model.Dispose();
        first.Dispose();
        IDataView data = second.Transform(images);
        Assert.IsFalse(data.Vectors("FineAttention")[0].Any(float.IsNaN));
        second.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => data.Vectors("FineAttention"));
    }

    [TestMethod]
    public void WithoutACoarseQueryOrAFlowThereAreNoSuchColumns()
    {
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        options.Queries = [.. Queries().Where(query => query.Role != QueryRole.Coarse)];
        DataViewSchema schema = Extract(options, "img0").Schema;
        Assert.IsNull(schema.GetColumnOrNull("CoarseAttention"));
        Assert.IsNull(schema.GetColumnOrNull("CoarseFlow"));

        options = Options(ImageFit.Pad);
        options.Capture = options.Capture with { Flow = null };
        schema = Extract(options, "img0").Schema;
        Assert.IsNotNull(schema.GetColumnOrNull("CoarseAttention"));
        Assert.IsNull(schema.GetColumnOrNull("FlowRowSums"));
    }

    [TestMethod]
    public void NeutralAndBackgroundAttentionAreColumnsOfTheirOwn()
    {
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        List<AttentionQuery> queries = Queries();
        int[] fine = [.. Golden.Prompt.FineQueries];
        queries[fine[1]] = queries[fine[1]] with { Role = QueryRole.Neutral };
        queries[fine[2]] = queries[fine[2]] with { Role = QueryRole.Background };
        options.Queries = queries;
        Assert.IsNull(Extract(options, "img0").Schema.GetColumnOrNull("NeutralAttention"), "no column that nobody asked for");
        options.NeutralAttentionColumnName = "NeutralAttention";
        options.BackgroundAttentionColumnName = "BackgroundAttention";
        IDataView data = Extract(options, "img0");
        CollectionAssert.AreEqual(new[] { $"q{fine[1]}" }, data.Schema["NeutralAttention"].GetQueryNames().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 4, 4, 4, 4 }, data.Schema.Dimensions("BackgroundAttention"));
        AssertClose(ExpectedMaps("img0_pad", fine[1]), data.Vectors("NeutralAttention")[0]);
        AssertClose(ExpectedMaps("img0_pad", fine[2]), data.Vectors("BackgroundAttention")[0]);
        options.Queries = Queries();
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ML.Transforms.ExtractAttention(options)).Message,
            "NeutralAttentionColumnName"
        );
    }

    [TestMethod]
    public void TheModelsOwnNeutralAndBackgroundPromptsAreAskedWhereTheirColumnsAreNamed()
    {
        var options = new AttentionExtractorOptions
        {
            ModelDirectory = "any",
            Words = ["beak"],
            NeutralAttentionColumnName = "N",
            BackgroundAttentionColumnName = "B",
        };
        CollectionAssert.AreEqual(
            new[] { QueryRole.Neutral, QueryRole.Background },
            options.AllQueries().Select(query => query.Role).Where(role => role is QueryRole.Neutral or QueryRole.Background).ToArray()
        );
        Assert.IsFalse(
            new AttentionExtractorOptions { Words = ["beak"] }
                .AllQueries()
                .Any(query => query.Role is QueryRole.Neutral or QueryRole.Background)
        );
    }

    [TestMethod]
    public void AFlowColumnSaysHowItWasBuilt()
    {
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        var flow = new CoarseFlowOptions { Heads = FlowHeads.AllMean };
        options.Capture = options.Capture with { Flow = flow };
        IDataView data = Extract(options, "img0");
        Assert.AreEqual(flow, FlowAnnotation.Options(data.Schema["CoarseFlow"]));
        CollectionAssert.AreEqual(new[] { 18 }, FlowAnnotation.Positions(data.Schema["CoarseFlow"]));
        IDataView selected = ML.Transforms.SelectHeads().Fit(data).Transform(data);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            ML.Transforms.MaskByRollout(new RolloutMaskerOptions { ExpectedFlow = new CoarseFlowOptions() }).Fit(selected)
        );
    }

    [TestMethod]
    public void TheHeadSelectionIsSetOnceAndHoldsForTheFlowAndTheColumnsAfterIt()
    {
        var chosen = new HeadSelectionOptions { EntropyThreshold = 0.5 };
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        options.HeadSelection = chosen;
        IDataView data = Extract(options, "img0");
        Assert.AreEqual(chosen, FlowAnnotation.Options(data.Schema["CoarseFlow"])!.HeadSelection);
        foreach (string column in (string[])["FineAttention", "CoarseAttention"])
        {
            Assert.AreEqual(chosen, SelectionAnnotation.Of(data.Schema[column]), column);
        }

        AttentionExtractorOptions inFlow = Options(ImageFit.Pad);
        inFlow.Capture = inFlow.Capture with { Flow = new CoarseFlowOptions { HeadSelection = chosen } };
        CollectionAssert.AreEqual(Extract(inFlow, "img0").Vectors("CoarseFlow")[0], data.Vectors("CoarseFlow")[0]);
        IDataView selected = ML.Transforms.SelectHeads().Fit(data).Transform(data);
        ML.Transforms.MaskByRollout().Fit(selected);
        IDataView otherwise = ML.Transforms.SelectHeads(headSelection: new HeadSelectionOptions()).Fit(data).Transform(data);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Transforms.MaskByRollout().Fit(otherwise));
    }

    [TestMethod]
    public void ContradictoryOptionsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ML.Transforms.ExtractAttention(new AttentionExtractorOptions { Words = ["beak"] }));
        Assert.ThrowsExactly<ArgumentException>(() =>
            ML.Transforms.ExtractAttention(new AttentionExtractorOptions { ModelDirectory = "x", Queries = [] })
        );
        IDataView images = Images("img0");
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            new EstimatorChain<ITransformer>().Append(ML.Transforms.ExtractAttention("nowhere", ["beak"])).Fit(images)
        );
        StringAssert.Contains(error.Message, "'Image'");
        foreach (CaptureOptions capture in (CaptureOptions[])[new() { PatchFeatures = true }, new() { SuffixLogits = true }])
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => ML.Transforms.ExtractAttention("any", ["beak"], capture: capture)).Message,
                "PatchFeaturesColumnName"
            );
        }
    }

    [TestMethod]
    public void OptionsThatChangeAfterwardsChangeNothing()
    {
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        List<AttentionQuery> queries = Queries();
        options.Queries = queries;
        EstimatorChain<AttentionExtractorTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(options));
        queries.RemoveRange(1, queries.Count - 1);
        IDataView images = Images("img0");
        Assert.HasCount(4, chain.Fit(images).Transform(images).Schema["FineAttention"].GetQueryNames());

        List<string> words = ["beak"];
        AttentionExtractorOptions copy = new AttentionExtractorOptions { ModelDirectory = "any", Words = words }.CheckedCopy();
        words.Clear();
        CollectionAssert.AreEqual(new[] { "beak" }, copy.Words.ToArray());
    }

    [TestMethod]
    public void CancellationEndsTheRun()
    {
        using var source = new CancellationTokenSource();
        AttentionExtractorOptions options = Options(ImageFit.Pad);
        options.CancellationToken = source.Token;
        IDataView data = Extract(options, "img0");
        source.Cancel();
        try
        {
            _ = data.Vectors("FineAttention");
            Assert.Fail("The run went on.");
        }
        catch (OperationCanceledException) { }
    }

    [TestMethod]
    public void TheShapePromisedIsTheShapeDelivered()
    {
        IDataView images = Images("img0");
        EstimatorChain<AttentionExtractorTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(Options(ImageFit.Pad)));
        SchemaShape promised = chain.GetOutputSchema(SchemaShapes.Of(images.Schema));
        SchemaShape delivered = SchemaShapes.Of(chain.Fit(images).GetOutputSchema(images.Schema));
        CollectionAssert.AreEqual(
            delivered.Select(column => (column.Name, column.Kind, column.ItemType)).ToArray(),
            promised.Select(column => (column.Name, column.Kind, column.ItemType)).ToArray()
        );
    }

    [TestMethod]
    public void TransparencyIsUndone()
    {
        // Half transparent (200, 100, 40), premultiplied, blue first; then the same with red first.
        byte[] bgra = [20, 50, 100, 128, 1, 2, 3, 255];
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, bgra);
        CollectionAssert.AreEqual(new byte[] { 199, 100, 40, 3, 2, 1 }, ImageFile.ToRgb(image).Pixels.ToArray());
        using var rgba = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, bgra);
        CollectionAssert.AreEqual(new byte[] { 40, 100, 199, 1, 2, 3 }, ImageFile.ToRgb(rgba).Pixels.ToArray());
    }

    private static string ImagePath(string image) => Golden.Image(image + "_crop");

    private static (int Width, int Height) SizeOf(string image)
    {
        using var decoded = MLImage.CreateFromFile(ImagePath(image));
        return (decoded.Width, decoded.Height);
    }

    private static List<AttentionQuery> Queries() =>
        [
            .. Enumerable
                .Range(0, Golden.Prompt.Suffixes.Length)
                .Select(index => new AttentionQuery
                {
                    Name = $"q{index}",
                    Role = index == Golden.Prompt.CoarseQuery ? QueryRole.Coarse : QueryRole.Fine,
                    TokenIds = Golden.Prompt.Suffixes[index],
                    TokenPositions = [Golden.Prompt.TargetInSuffix[index]],
                }),
        ];

    private static AttentionExtractorOptions Options(ImageFit fit) =>
        new()
        {
            ModelDirectory = Golden.Checkpoint,
            ModelOptions = new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 },
            Queries = Queries(),
            Capture = new CaptureOptions { Fit = fit, PrefixTokenIds = Golden.Prompt.Prefix },
        };

    private static float[] ExpectedMaps(string caseName, int query)
    {
        NpyFile file = Golden.Expected(caseName, $"q{query}_attn");
        (float[] attention, int tokens) = (file.Floats(), file.Shape[2]);
        return
        [
            .. Enumerable
                .Range(0, file.Shape[0] * file.Shape[1])
                .SelectMany(head =>
                    attention
                        .Skip((((head * tokens) + Golden.Prompt.TargetPositions[query]) * tokens) + Golden.Prompt.ImageStart)
                        .Take(Golden.Prompt.ImageTokens)
                ),
        ];
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], 2e-5f, $"[{index}]");
        }
    }

    private static void Read(IDataView data, params string[] names)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(names.Select(name => data.Schema[name]));
        ValueGetter<VBuffer<float>>[] getters = [.. names.Select(name => cursor.GetGetter<VBuffer<float>>(data.Schema[name]))];
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            foreach (ValueGetter<VBuffer<float>> getter in getters)
            {
                getter(ref buffer);
                Assert.IsFalse(buffer.DenseValues().Any(float.IsNaN));
            }
        }
    }

    private IDataView Images(params string[] images) =>
        ML.Data.LoadFromEnumerable(images.Select(image => new PathRow { ImagePath = ImagePath(image) }).ToArray());

    private IDataView Extract(AttentionExtractorOptions options, params string[] images)
    {
        IDataView paths = Images(images);
        return ML.Transforms.LoadGroundingImages().Append(ML.Transforms.ExtractAttention(options)).Fit(paths).Transform(paths);
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class ImageRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class AttentionResult
    {
        public float[] FineAttention { get; set; } = [];
    }

    private sealed class CountingObserver : ILayerObserver
    {
        public List<PreparedPrompt> Prompts { get; } = [];

        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model)
        {
            lock (Prompts)
            {
                Prompts.Add(prompt);
            }

            return new Recorder();
        }

        private sealed class Recorder : ILayerRecorder
        {
            public void Observe(LayerAttention attention) { }

            public float[] Complete() => [];
        }
    }
}
