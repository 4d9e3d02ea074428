using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Saving;

/// <summary>Grounding methods, saved here and loaded in another process.</summary>
[TestClass]
public sealed class MethodTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void MethodsAndWhatTheyLearned()
    {
        using SavedModelFiles files = new();
        MethodGrounderOptions options = Options(files);
        options.Methods =
        [
            .. GroundingMethods.All,
            .. GroundingMethods.Releases,
            .. GroundingMethods.Ablations,
            GroundingMethods.Paper with
            {
                Name = "Mine",
                CoarseHeadSelection = new() { EntropyThreshold = 0.9 },
                Sharpening = new() { Temperature = 0.3 },
                SinkRemoval = new() { Dimensions = [1, 5], Threshold = 0.2 },
                Row = QueryRow.LastPromptToken,
            },
        ];
        options.Capture = options.Capture with
        {
            Fit = ImageFit.Crop,
            Amplification = new() { Bias = 0.5 },
        };
        IDataView paths = Paths();
        using TransformerChain<MethodGrounderTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.GroundByMethods(options))
            .Fit(paths);

        // All columns are read at once, as the other process reads them: methods read one by one ask the model fewer queries, which changes
        // the last bit.
        IDataView expected = files.Keep(model.Transform(paths));
        files.Save(model, paths);
        Assert.AreEqual("", ReaderProcess.Run(files.Model, files.Input, files.Output, files.Again));
        string[] columns = ["Geometry", .. options.Methods.Select(method => $"GroundingMaps.{method.Name}")];
        files.AssertEqual(expected, files.Output, columns);
        Assert.AreEqual("", ReaderProcess.Run(files.Again, files.Input, files.InFolder("again.idv")));
        files.AssertEqual(expected, files.InFolder("again.idv"), columns);
    }

    private static MethodGrounderOptions Options(SavedModelFiles files)
    {
        AttentionExtractorOptions extractor = Checkpoints.Options(Checkpoints.Copy(files.InFolder("tiny-llava")));
        AttentionQuery[] queries = [.. extractor.Queries!];
        queries[3] = queries[3] with { Role = QueryRole.Neutral };
        queries[4] = queries[4] with { Role = QueryRole.Background };
        return new MethodGrounderOptions
        {
            ModelDirectory = extractor.ModelDirectory,
            Queries = queries,
            Capture = extractor.Capture,
        };
    }

    private IDataView Paths() =>
        _ml.Data.LoadFromEnumerable(
            new[]
            {
                new PathRow { ImagePath = Checkpoints.Image("img0") },
                new PathRow { ImagePath = Checkpoints.Image("img1") },
            }
        );

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
