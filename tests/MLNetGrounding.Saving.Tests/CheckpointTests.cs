using System.IO.Compression;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

/// <summary>Saved attention extraction: it holds no weights, and finds its checkpoint again or says clearly that it cannot.</summary>
[TestClass]
public sealed class CheckpointTests : IDisposable
{
    private static readonly string[] Outputs =
    [
        "FineAttention",
        "CoarseAttention",
        "CoarseFlow",
        "FlowRowSums",
        "Geometry",
        "PatchFeatures",
        "GroundingMaps",
    ];

    private readonly MLContext _ml = new(seed: 1);
    private readonly SavedModelFiles _files = new();

    private string Checkpoint => _files.InFolder("elsewhere/tiny-llava");

    public void Dispose()
    {
        CheckpointLocator.Resolver = null;
        _files.Dispose();
    }

    [TestMethod]
    public void AChainFromPathToMapsGivesTheSameElsewhere()
    {
        IDataView paths = Paths("img0", "img1");
        using TransformerChain<RolloutMaskerTransformer> model = Fit(paths);
        _files.AssertEqualElsewhere(model, paths, Outputs);
        Assert.IsLessThan(1 << 16, new FileInfo(_files.Model).Length, "the weights are not in the file");
    }

    [TestMethod]
    public void TheCheckpointIsFoundBesideTheMovedModel()
    {
        IDataView expected = Save();
        MoveAll("other");
        Assert.AreEqual(
            "",
            ReaderProcess.Run(_files.InFolder("other/model.zip"), _files.Input, _files.Output, _files.InFolder("other/again.zip"))
        );
        _files.AssertEqual(expected, _files.Output, Outputs);
        File.Move(_files.InFolder("other/again.zip"), _files.Again);
        Assert.AreEqual(
            "",
            ReaderProcess.Run(_files.Again, _files.Input, _files.InFolder("again.idv")),
            "saved again, the model knows where it found its checkpoint"
        );
    }

    [TestMethod]
    public void TheSampleModelIsFoundBesideTheApplicationByItsName()
    {
        IDataView paths = Paths("img0");
        using TransformerChain<AttentionExtractorTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(
                _ml.Transforms.ExtractAttention(
                    SampleLlava.Directory,
                    ["beak", "wing"],
                    capture: new CaptureOptions { Layers = 2, Row = QueryRow.LastPromptToken }
                )
            )
            .Fit(paths);
        _files.AssertEqualElsewhere(model, paths, "FineAttention", "CoarseAttention", "CoarseFlow");
        Assert.DoesNotContain(AppContext.BaseDirectory, TextOf(_files.Model));
    }

    [TestMethod]
    public void TheSchemaNeedsNoCheckpoint()
    {
        IDataView expected = Save();
        Directory.Delete(Checkpoint, recursive: true);
        using var loaded = (IDisposable)_ml.Model.Load(_files.Model, out DataViewSchema schema);
        var model = (ITransformer)loaded;
        DataViewSchema output = model.GetOutputSchema(schema);
        foreach (string column in Outputs)
        {
            Assert.AreEqual(expected.Schema[column].Type, output[column].Type, column);
        }

        CollectionAssert.AreEqual(
            expected.Schema["FineAttention"].GetQueryNames().ToArray(),
            output["FineAttention"].GetQueryNames().ToArray()
        );
    }

    [TestMethod]
    public void AMissingCheckpointIsAnErrorAtFirstUseAndMayBeMendedThen()
    {
        IDataView expected = Save();
        float[][] maps = Vectors(expected, "GroundingMaps");
        Directory.Move(Checkpoint, _files.InFolder("hidden"));
        var model = (TransformerChain<ITransformer>)_ml.Model.Load(_files.Model, out _);
        using (model)
        {
            IDataView data = model.Transform(Paths("img0"));
            CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() => Vectors(data, "GroundingMaps"));
            StringAssert.Contains(error.Message, "the checkpoint 'tiny-llava' of the saved model was not found");
            StringAssert.Contains(error.Message, $"'{Checkpoint}' does not exist");
            StringAssert.Contains(error.Message, "CheckpointLocator.Resolver");

            Directory.Move(_files.InFolder("hidden"), _files.InFolder("tiny-llava"));
            CollectionAssert.AreEqual(maps[0], Vectors(data, "GroundingMaps")[0]);
        }
    }

    [TestMethod]
    public void AnotherCheckpointUnderTheSameNameIsRefused()
    {
        Save();
        Checkpoints.ChangeWeights(Checkpoint);
        using var model = (TransformerChain<ITransformer>)_ml.Model.Load(_files.Model, out _);
        IDataView data = model.Transform(Paths("img0"));
        CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() => Vectors(data, "FineAttention"));
        StringAssert.Contains(error.Message, $"'{Checkpoint}' holds another checkpoint (different: the weights)");
        StringAssert.Contains(ReaderProcess.Run(_files.Model, _files.Input, _files.Output), "different: the weights");

        File.AppendAllText(Path.Combine(Checkpoint, "config.json"), " ");
        error = Assert.ThrowsExactly<CheckpointException>(() => Vectors(data, "FineAttention"));
        StringAssert.Contains(error.Message, "different: config.json, the weights");
    }

    [TestMethod]
    public void AResolverFindsTheCheckpointAndAnswersForIt()
    {
        IDataView expected = Save();
        float[] maps = Vectors(expected, "GroundingMaps")[0];
        string hidden = _files.InFolder("hidden");
        Directory.Move(Checkpoint, hidden);
        CheckpointReference? asked = null;
        CheckpointLocator.Resolver = reference =>
        {
            asked = reference;
            return hidden;
        };
        using (var model = (TransformerChain<ITransformer>)_ml.Model.Load(_files.Model, out _))
        {
            CollectionAssert.AreEqual(maps, Vectors(model.Transform(Paths("img0")), "GroundingMaps")[0]);
        }

        Assert.AreEqual("tiny-llava", asked!.Name);
        Assert.AreEqual(Checkpoint, asked.Location);
        Assert.AreEqual(Path.GetDirectoryName(_files.Model), asked.ModelFolder);

        CheckpointLocator.Resolver = _ => throw new InvalidOperationException("not asked where a loading has its own");
        using (var model = (TransformerChain<ITransformer>)_ml.Model.LoadGrounding(_files.Model, out _, _ => hidden))
        {
            CollectionAssert.AreEqual(maps, Vectors(model.Transform(Paths("img0")), "GroundingMaps")[0]);
        }

        Checkpoints.ChangeWeights(hidden);
        using (var model = (TransformerChain<ITransformer>)_ml.Model.LoadGrounding(_files.Model, out _, _ => hidden))
        {
            CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() =>
                Vectors(model.Transform(Paths("img0")), "GroundingMaps")
            );
            StringAssert.Contains(error.Message, $"'{hidden}' holds another checkpoint");
        }
    }

    [TestMethod]
    public void ALoadedModelServesSeveralThreadsAndIsReleased()
    {
        IDataView expected = Save();
        float[] maps = Vectors(expected, "GroundingMaps")[0];
        var model = (TransformerChain<ITransformer>)_ml.Model.Load(_files.Model, out _);
        IDataView data = model.Transform(Paths("img0"));
        Parallel.For(0, 4, _ => CollectionAssert.AreEqual(maps, Vectors(data, "GroundingMaps")[0]));
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Vectors(data, "GroundingMaps"));

        var unused = (TransformerChain<ITransformer>)_ml.Model.Load(_files.Model, out _);
        IDataView never = unused.Transform(Paths("img0"));
        unused.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Vectors(never, "GroundingMaps"));
    }

    [TestMethod]
    public void APredictionEngineOfALoadedModelOpensItAtTheFirstPrediction()
    {
        IDataView expected = Save();
        float[] maps = Vectors(expected, "GroundingMaps")[0];
        Directory.Move(Checkpoint, _files.InFolder("hidden"));
        ITransformer model = _ml.Model.Load(_files.Model, out DataViewSchema schema);
        using PredictionEngine<PathRow, MapsRow> engine = _ml.Model.CreatePredictionEngine<PathRow, MapsRow>(model, schema);
        Directory.Move(_files.InFolder("hidden"), Checkpoint);
        CollectionAssert.AreEqual(maps, engine.Predict(new PathRow { ImagePath = Checkpoints.Image("img0") }).GroundingMaps);
    }

    [TestMethod]
    public void TheDeviceIsThatOfTheContextThatLoads()
    {
        IDataView expected = Save();
        float[] maps = Vectors(expected, "GroundingMaps")[0];
        foreach (bool fallback in new[] { false, true })
        {
            var warnings = new List<string>();
            var ml = new MLContext { GpuDeviceId = 9999, FallbackToCpu = fallback };
            ml.Log += (_, message) => warnings.Add(message.RawMessage);
            using var model = (TransformerChain<ITransformer>)ml.Model.Load(_files.Model, out _);
            IDataView data = model.Transform(Paths("img0"));
            if (fallback)
            {
                CollectionAssert.AreEqual(maps, Vectors(data, "GroundingMaps")[0]);
                Assert.IsTrue(warnings.Any(warning => warning.Contains("on the CPU instead of GPU 9999", StringComparison.Ordinal)));
            }
            else
            {
                StringAssert.Contains(
                    Assert.ThrowsExactly<NotSupportedException>(() => Vectors(data, "GroundingMaps")).Message,
                    "CUDA device 9999"
                );
            }
        }
    }

    [TestMethod]
    public void ObserversAreCodeAndCannotBeSaved()
    {
        IDataView paths = Paths("img0");
        AttentionExtractorOptions options = Checkpoints.Options(Checkpoints.Copy(Checkpoint));
        options.Capture = options.Capture with { Observers = [new NoObserver()] };
        using TransformerChain<AttentionExtractorTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.ExtractAttention(options))
            .Fit(paths);
        File.WriteAllText(_files.Model, "an earlier model");
        NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(() =>
            _ml.Model.SaveGrounding(model, paths.Schema, _files.Model)
        );
        StringAssert.Contains(error.Message, "AttentionExtractor cannot be saved: CaptureOptions.Observers holds NoObserver");
        Assert.AreEqual("an earlier model", File.ReadAllText(_files.Model), "a save that fails leaves what was there");
        Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(_files.Model)!));
        Assert.ThrowsExactly<NotSupportedException>(() => _ml.Model.Save(model, paths.Schema, _files.Model));
    }

    [TestMethod]
    public void EverySettingOfACaptureIsSaved()
    {
        // Patch features follow from their column, logits have none, observers cannot be saved, a profile is saved as tokens, and this
        // model has no tiles.
        string[] apart = ["PatchFeatures", "SuffixLogits", "Observers", "Profile", "Tiles"];
        AttentionExtractorOptions options = Checkpoints.Options(Checkpoints.Copy(Checkpoint));
        CaptureOptions plain = options.Capture with { PrefixTokenIds = [.. options.Capture.PrefixTokenIds!.Append(5)] };
        CaptureOptions other = new()
        {
            Fit = ImageFit.Crop,
            Grid = new MapGrid(4, 4),
            MaximumCells = 100,
            Views = MapViews.Tiles,
            Row = QueryRow.LastPromptToken,
            Flow = new CoarseFlowOptions { Heads = FlowHeads.AllMean },
            Layers = 3,
            Amplification = new() { Bias = 2 },
            PrefixTokenIds = options.Capture.PrefixTokenIds,
        };
        IDataView paths = Paths("img0");
        string saved = SavedWith(other);
        Assert.AreEqual(saved, SavedWith(other));
        foreach (PropertyInfo setting in typeof(CaptureOptions).GetProperties().Where(property => !apart.Contains(property.Name)))
        {
            Assert.AreNotEqual(setting.GetValue(plain), setting.GetValue(other), $"{setting.Name} is another");
            CaptureOptions all = other with { };
            setting.SetValue(all, setting.GetValue(plain));
            Assert.AreNotEqual(saved, SavedWith(all), $"{setting.Name} is not saved");
        }

        options.Capture = other;
        using TransformerChain<AttentionExtractorTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.ExtractAttention(options))
            .Fit(paths);
        _files.AssertEqualElsewhere(model, paths, "FineAttention", "CoarseAttention", "CoarseFlow", "FlowRowSums", "Geometry");

        string SavedWith(CaptureOptions capture)
        {
            options.Capture = capture;
            using TransformerChain<AttentionExtractorTransformer> extractor = _ml
                .Transforms.LoadGroundingImages()
                .Append(_ml.Transforms.ExtractAttention(options))
                .Fit(paths);
            _files.Save(extractor, paths);
            return TextOf(_files.Model);
        }
    }

    [TestMethod]
    public void ThePrecisionIsSaved()
    {
        IDataView paths = Paths("img0");
        List<float[]> maps = [];
        foreach (ModelPrecision precision in new[] { ModelPrecision.Float32, ModelPrecision.BFloat16 })
        {
            AttentionExtractorOptions options = Checkpoints.Options(Checkpoints.Copy(Checkpoint));
            options.ModelOptions = new VisionLanguageModelOptions { Precision = precision };
            using TransformerChain<AttentionExtractorTransformer> model = _ml
                .Transforms.LoadGroundingImages()
                .Append(_ml.Transforms.ExtractAttention(options))
                .Fit(paths);
            maps.Add(Vectors(model.Transform(paths), "FineAttention")[0]);
            using var files = new SavedModelFiles();
            files.AssertEqualElsewhere(model, paths, "FineAttention");
        }

        Difference.IsMoreThanRounding(maps[0], maps[1], "Another precision gives other numbers.");
    }

    private TransformerChain<RolloutMaskerTransformer> Fit(IDataView paths)
    {
        AttentionExtractorOptions options = Checkpoints.Options(Checkpoints.Copy(Checkpoint));
        options.Capture = options.Capture with
        {
            Fit = ImageFit.Crop,
            Flow = new CoarseFlowOptions { Heads = FlowHeads.AllMean },
        };
        return _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.ExtractAttention(options))
            .Append(_ml.Transforms.SelectHeads())
            .Append(_ml.Transforms.MaskByRollout())
            .Fit(paths);
    }

    /// <summary>Saves the chain, and returns what it makes of the picture.</summary>
    private IDataView Save()
    {
        IDataView paths = Paths("img0");
        using TransformerChain<RolloutMaskerTransformer> model = Fit(paths);
        _files.Save(model, paths);
        return _files.Keep(model.Transform(paths));
    }

    private void MoveAll(string folder)
    {
        Directory.CreateDirectory(_files.InFolder(folder));
        Directory.Move(Checkpoint, _files.InFolder($"{folder}/tiny-llava"));
        File.Move(_files.Model, _files.InFolder($"{folder}/model.zip"));
    }

    private IDataView Paths(params string[] images) =>
        _ml.Data.LoadFromEnumerable(images.Select(image => new PathRow { ImagePath = Checkpoints.Image(image) }));

    private static float[][] Vectors(IDataView data, string column) =>
        [.. data.GetColumn<VBuffer<float>>(column).Select(buffer => buffer.DenseValues().ToArray())];

    private static string TextOf(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        return string.Concat(
            archive.Entries.Select(entry =>
            {
                using var reader = new StreamReader(entry.Open());
                return reader.ReadToEnd();
            })
        );
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class MapsRow
    {
        public float[] GroundingMaps { get; set; } = [];
    }

    private sealed class NoObserver : ILayerObserver
    {
        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => throw new NotSupportedException();
    }
}
