using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Heads;

/// <summary>Head selection that keeps the same heads in every row, learned or stated.</summary>
[TestClass]
public sealed class FittedHeadSelectorTests
{
    private const int PerQuery = AttentionRows.Layers * AttentionRows.Heads;

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void FittingHasTheDocumentedDefaults()
    {
        Assert.IsNull(new HeadSelectorOptions().Heads);
        Assert.IsNull(new HeadSelectorOptions().Fitting);
        var fitting = new HeadFittingOptions();
        Assert.AreEqual(HeadCriterion.SelectionFrequency, fitting.Criterion);
        Assert.AreEqual(3, fitting.Heads);
        Assert.AreEqual(1000, fitting.MaximumRows);
        Assert.AreEqual(new LocalizationHeadOptions(), fitting.Localization);
        (string Option, HeadFittingOptions Fitting)[] wrong =
        [
            ("Criterion", new() { Criterion = (HeadCriterion)9 }),
            ("Heads", new() { Heads = 0 }),
            ("MaximumRows", new() { MaximumRows = 0 }),
            ("HeadsPerSample", new() { Localization = new() { HeadsPerSample = 0 } }),
        ];
        foreach ((string option, HeadFittingOptions each) in wrong)
        {
            ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
                ML.Transforms.SelectHeads(new HeadSelectorOptions { Fitting = each })
            );
            Assert.AreEqual(option, error.ParamName);
        }
    }

    [TestMethod]
    public void WithoutFittingNoRowIsReadAndHeadsAreSelectedRowByRow()
    {
        var rows = new AttentionRows(5);
        using HeadSelectorTransformer selector = ML.Transforms.SelectHeads().Fit(rows.View);
        Assert.AreEqual(0, rows.Reads("FineAttention"));
        Assert.IsNull(selector.Heads);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => selector.LimitLayers(new AttentionExtractorOptions())).Message,
            "Fitting"
        );
    }

    [TestMethod]
    public void TheHeadsThatPassTheThresholdsMostOftenAreLearned()
    {
        var rows = new AttentionRows(30);
        float[][] kept = ML.Transforms.SelectHeads().Fit(rows.View).Transform(rows.View).Vectors("KeptHeads");
        double[] frequency = [.. Enumerable.Range(0, PerQuery).Select(head => kept.Average(row => (row[head] + row[PerQuery + head]) / 2))];
        AttentionHead[] expected =
        [
            .. Enumerable
                .Range(0, PerQuery)
                .OrderByDescending(head => frequency[head])
                .ThenBy(head => head)
                .Take(3)
                .Select(head => new AttentionHead(head / AttentionRows.Heads, head % AttentionRows.Heads, frequency[head])),
        ];
        using HeadSelectorTransformer selector = Fitted(rows.View, new HeadFittingOptions());
        for (int rank = 0; rank < 3; rank++)
        {
            Assert.AreEqual((expected[rank].Layer, expected[rank].Head), (selector.Heads![rank].Layer, selector.Heads[rank].Head));
            Assert.AreEqual(expected[rank].Frequency, selector.Heads[rank].Frequency, 1e-6);
        }

        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void TheHeadsThatLookAtOnePlaceAreLearnedBySpatialEntropy()
    {
        var rows = new AttentionRows(20);
        foreach (AttentionRow row in rows.Rows)
        {
            row.FineAttention.AsSpan().Fill(0.001f);
            for (int query = 0; query < 2; query++)
            {
                // Heads 2 of layer 1 and 0 of layer 2 look at one place; head 3 of layer 0 looks as much, at two.
                Span<float> Map(int layer, int head) =>
                    row.FineAttention.AsSpan(
                        ((query * PerQuery) + (layer * AttentionRows.Heads) + head) * AttentionRows.Cells,
                        AttentionRows.Cells
                    );
                Map(1, 2)[(row.Id + query) % AttentionRows.Cells] = 0.5f;
                Map(2, 0)[(3 * row.Id) % AttentionRows.Cells] = 0.5f;
                Map(0, 3)[0] = 0.25f;
                Map(0, 3)[15] = 0.25f;
            }
        }

        var fitting = new HeadFittingOptions
        {
            Criterion = HeadCriterion.SpatialEntropy,
            Heads = 2,
            Localization = LocalizationHeadOptions.June2025 with { HeadsPerSample = 2 },
        };
        using HeadSelectorTransformer selector = Fitted(rows.View, fitting);
        CollectionAssert.AreEqual(new AttentionHead[] { new(1, 2), new(2, 0) }, selector.Heads!.ToArray());
    }

    [TestMethod]
    public void OnlyTheHeadsThatWereLearnedMakeTheLayerMaps()
    {
        var rows = new AttentionRows(6);
        AttentionHead[] heads = [new(2, 1, 0.5), new(0, 3), new(2, 2)];
        IDataView data = ML
            .Transforms.SelectHeads(new HeadSelectorOptions { Heads = heads, EntropyColumnName = "Entropy" })
            .Fit(rows.View)
            .Transform(rows.View);
        (float[][] maps, float[][] kept) = (data.Vectors("LayerMaps"), data.Vectors("KeptHeads"));
        for (int row = 0; row < 6; row++)
        {
            float[][] attention = [.. rows.Rows[row].FineAttention.Chunk(AttentionRows.Cells)];
            for (int query = 0; query < 2; query++)
            {
                float[][] layers = [.. maps[row].Chunk(AttentionRows.Cells).Skip(query * AttentionRows.Layers).Take(AttentionRows.Layers)];
                float[] Head(int layer, int head) => attention[(query * PerQuery) + (layer * AttentionRows.Heads) + head];
                CollectionAssert.AreEqual(Head(0, 3), layers[0]);
                Assert.IsTrue(layers[1].All(value => value == 0), "no head of layer 1 is kept");
                CollectionAssert.AreEqual(Head(2, 1).Zip(Head(2, 2), Math.Max).ToArray(), layers[2]);
                float[] expected = new float[PerQuery];
                expected[3] = expected[9] = expected[10] = 1;
                CollectionAssert.AreEqual(expected, kept[row].Skip(query * PerQuery).Take(PerQuery).ToArray());
            }
        }

        Columns.AssertSame(
            ML.Transforms.SelectHeads(new HeadSelectorOptions { EntropyColumnName = "Entropy" })
                .Fit(rows.View)
                .Transform(rows.View)
                .Vectors("Entropy"),
            data.Vectors("Entropy")
        );
    }

    [TestMethod]
    public void QueriesThatHoldNoAttentionAreLeftOutAndCounted()
    {
        var rows = new AttentionRows(12);
        var clean = new AttentionRows(12);
        rows.Rows[3].FineAttention.AsSpan().Fill(float.NaN);
        clean.Rows[3].FineAttention.AsSpan().Fill(float.NaN);
        rows.Rows[7].FineAttention[PerQuery * AttentionRows.Cells] = -1;
        using HeadSelectorTransformer selector = Fitted(rows.View, new HeadFittingOptions { Heads = PerQuery });
        float[][] kept = ML.Transforms.SelectHeads().Fit(clean.View).Transform(clean.View).Vectors("KeptHeads");
        AttentionHead first = selector.Heads![0];
        int index = (first.Layer * AttentionRows.Heads) + first.Head;
        double times = kept.Select((row, id) => id == 3 ? 0 : row[index] + (id == 7 ? 0 : row[PerQuery + index])).Sum();
        Assert.AreEqual(times / 21, first.Frequency, 1e-9, "12 rows of 2 queries, without the 2 of row 3 and the second of row 7");
        StringAssert.Contains(_log.Warnings[0], "12 row(s); 2 of them");

        foreach (AttentionRow row in rows.Rows)
        {
            row.FineAttention.AsSpan().Fill(float.NaN);
        }

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            Fitted(rows.View, new HeadFittingOptions())
        );
        StringAssert.Contains(error.Message, "no row to learn heads from: all 12 row(s)");
        error = Assert.ThrowsExactly<InvalidOperationException>(() => Fitted(new AttentionRows(0).View, new HeadFittingOptions()));
        StringAssert.Contains(error.Message, "no row to learn heads from: the view that Fit was given is empty");
        var strict = new HeadSelectorOptions
        {
            Fitting = new(),
            HeadSelection = new() { EntropyThreshold = 0 },
        };
        error = Assert.ThrowsExactly<InvalidOperationException>(() => ML.Transforms.SelectHeads(strict).Fit(clean.View));
        StringAssert.Contains(error.Message, "no head was selected in any of 22 samples");
    }

    [TestMethod]
    public void NoMoreRowsAreReadThanAskedFor()
    {
        (AttentionRows? rows, AttentionRows? fewer) = (new AttentionRows(10), new AttentionRows(4));
        using HeadSelectorTransformer selector = Fitted(rows.View, new HeadFittingOptions { MaximumRows = 4, Heads = PerQuery });
        Assert.AreEqual(4, rows.Reads("FineAttention"));
        Assert.AreEqual(0, rows.Reads("CoarseFlow"));
        using HeadSelectorTransformer expected = Fitted(fewer.View, new HeadFittingOptions { MaximumRows = null, Heads = PerQuery });
        CollectionAssert.AreEqual(expected.Heads!.ToArray(), selector.Heads!.ToArray());
    }

    [TestMethod]
    public void HeadsThatCannotBeKeptAreRefused()
    {
        var rows = new AttentionRows(1);
        ArgumentException Refused(params AttentionHead[] heads) =>
            Assert.Throws<ArgumentException>(() => ML.Transforms.SelectHeads(new HeadSelectorOptions { Heads = heads }).Fit(rows.View));
        StringAssert.Contains(Refused().Message, "at least one head");
        StringAssert.Contains(Refused(new AttentionHead(-1, 0)).Message, "from 0");
        StringAssert.Contains(Refused(new AttentionHead(0, 0, double.NaN)).Message, "between 0 and 1");
        StringAssert.Contains(Refused(new AttentionHead(0, 0), new AttentionHead(0, 0, 0.5)).Message, "twice");
        StringAssert.Contains(
            Refused(new AttentionHead(3, 0)).Message,
            "head 0 of layer 3 is to be kept, but column 'FineAttention' has 3 layers of 4 heads"
        );
        StringAssert.Contains(Refused(new AttentionHead(0, 4)).Message, "head 4 of layer 0 is to be kept");
        var both = new HeadSelectorOptions { Heads = [new(0, 0)], Fitting = new() };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ML.Transforms.SelectHeads(both)).Message, "exclude each other");
    }

    [TestMethod]
    public void TheLayersAfterTheLastKeptHeadAreNotRunAndTheMapsStayTheSame()
    {
        using var folder = new TemporaryFolder();
        RandomCheckpoint.Write(folder.Path, Small, seed: 3);
        string[] paths = [.. Enumerable.Range(0, 2).Select(index => PictureFile(folder.Path, index))];
        IDataView images = ML.Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));
        var observer = new LayerObserver();
        var options = new AttentionExtractorOptions
        {
            ModelDirectory = folder.Path,
            Words = ["beak", "tail"],
            Capture = new CaptureOptions { Observers = [observer] },
        };
        using TransformerChain<AttentionExtractorTransformer> extractor = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(options))
            .Fit(images);
        IDataView extracted = extractor.Transform(images);
        using HeadSelectorTransformer selector = ML
            .Transforms.SelectHeads(new HeadSelectorOptions { Heads = [new(1, 2), new(0, 5)] })
            .Fit(extracted);
        IDataView full = Ground(selector, extracted);
        float[][] expected = full.Vectors("GroundingMaps");
        CollectionAssert.AreEqual(new[] { 2, 4, 12, 12 }, full.Schema.Dimensions("LayerMaps"));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, observer.Layers.Distinct().Order().ToArray());

        observer.Layers.Clear();
        AttentionExtractorOptions limited = selector.LimitLayers(options);
        Assert.AreEqual(2, limited.Capture.Layers);
        Assert.IsNull(limited.Capture.Flow);
        Assert.IsNull(options.Capture.Layers, "the options given stay as they are");
        using TransformerChain<AttentionExtractorTransformer> shorter = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(limited))
            .Fit(images);
        IDataView cheap = Ground(selector, shorter.Transform(images));
        CollectionAssert.AreEqual(new[] { 2, 2, 8, 12, 12 }, cheap.Schema.Dimensions("FineAttention"));
        CollectionAssert.AreEqual(new[] { 2, 2, 12, 12 }, cheap.Schema.Dimensions("LayerMaps"));
        Assert.IsNull(cheap.Schema.GetColumnOrNull("CoarseFlow"));
        Columns.AssertSame(expected, cheap.Vectors("GroundingMaps"));
        CollectionAssert.AreEqual(new[] { 0, 1 }, observer.Layers.Distinct().Order().ToArray(), "the last two layers are not run");
        Assert.IsTrue(expected[0].Any(value => value > 0));
    }

    [TestMethod]
    public void AsManyLayersAsAskedForAreTheFirstOnes()
    {
        using var folder = new TemporaryFolder();
        RandomCheckpoint.Write(folder.Path, Small, seed: 4);
        using var model = VisionLanguageModel.Load(folder.Path);
        AttentionQuery[] queries = [AttentionQuery.Coarse(), AttentionQuery.Fine("beak"), AttentionQuery.Fine("leg")];
        RgbImage picture = Picture(1);
        AttentionCapture all = model.Capture(picture, model.Prepare(queries));
        AttentionCapture three = model.Capture(picture, model.Prepare(queries, new CaptureOptions { Layers = 3 }));
        int layer = Small.TextHeads * Small.VisualTokens;
        CollectionAssert.AreEqual(all.CoarseAttention[..(3 * layer)], three.CoarseAttention);
        CollectionAssert.AreEqual(
            all.FineAttention.Chunk(4 * layer).SelectMany(query => query[..(3 * layer)]).ToArray(),
            three.FineAttention
        );
        CollectionAssert.AreEqual(all.CoarseFlow[..(all.CoarseFlow.Length / 4 * 3)], three.CoarseFlow);

        foreach (int layers in new[] { 0, 5 })
        {
            ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
                model.Prepare(queries, new CaptureOptions { Layers = layers })
            );
            StringAssert.Contains(error.Message, "between 1 and the 4 layers");
        }

        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() => model.Prepare(queries, new CaptureOptions { Layers = 3, SuffixLogits = true }))
                .Message,
            "need all 4 layers"
        );
    }

    private static readonly LlavaShape Small = new()
    {
        TextHiddenSize = 64,
        TextIntermediateSize = 128,
        TextLayers = 4,
        TextHeads = 8,
        TextKeyValueHeads = 8,
        TextHeadSize = 8,
        VocabularySize = 320,
        ImageTokenId = 319,
        ImageSize = 168,
        PatchSize = 14,
        VisionHiddenSize = 32,
        VisionIntermediateSize = 64,
        VisionLayers = 2,
        VisionHeads = 4,
    };

    private HeadSelectorTransformer Fitted(IDataView rows, HeadFittingOptions fitting) =>
        ML.Transforms.SelectHeads(new HeadSelectorOptions { Fitting = fitting }).Fit(rows);

    private IDataView Ground(HeadSelectorTransformer selector, IDataView extracted)
    {
        IDataView selected = selector.Transform(extracted);
        return ML.Transforms.MaskByRollout(new RolloutMaskerOptions { UniformMask = true }).Fit(selected).Transform(selected);
    }

    private static RgbImage Picture(int seed)
    {
        byte[] pixels = new byte[120 * 90 * 3];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(120, 90, pixels);
    }

    private static string PictureFile(string folder, int seed)
    {
        byte[] pixels = new byte[120 * 90 * 4];
        new Random(seed).NextBytes(pixels);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            pixels[alpha] = 255;
        }

        string path = Path.Combine(folder, $"picture{seed}.png");
        using var image = MLImage.CreateFromPixels(120, 90, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
        return path;
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class LayerObserver : ILayerObserver, ILayerRecorder
    {
        public List<int> Layers { get; } = [];

        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => this;

        public void Observe(LayerAttention attention)
        {
            lock (Layers)
            {
                Layers.Add(attention.Layer);
            }
        }

        public float[] Complete() => [];
    }
}
