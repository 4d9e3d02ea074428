using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Testing;

namespace MLNetGrounding.DataViews;

/// <summary>Models go when the last that uses them does, and what happens to rows is said in the context's log.</summary>
[TestClass]
public sealed class LifetimeTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void AChainReleasesItsShareOfAModel()
    {
        using var checkpoint = new CheckpointCopy();
        using var pictures = new Pictures(2);
        var model = VisionLanguageModel.Load(checkpoint.Path);
        AttentionExtractorOptions options = TinyExtraction.Options(1);
        (options.ModelDirectory, options.Model) = (null, model);
        EstimatorChain<RolloutMaskerTransformer> estimator = ML
            .Transforms.ExtractAttention(options)
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout());
        TransformerChain<RolloutMaskerTransformer> first = estimator.Fit(pictures.View);
        TransformerChain<RolloutMaskerTransformer> second = estimator.Fit(pictures.View);
        int mappings = MappedFiles.Count(checkpoint.Path);
        Assert.IsGreaterThan(0, mappings);
        _ = first.Transform(pictures.View).Vectors("GroundingMaps");
        _ = second.Transform(pictures.View).Vectors("GroundingMaps");
        model.Dispose();
        first.Dispose();
        Assert.AreEqual(mappings, MappedFiles.Count(checkpoint.Path), "the second chain still uses the weights, mapped once");
        second.Dispose();
        Assert.AreEqual(0, MappedFiles.Count(checkpoint.Path));
    }

    [TestMethod]
    public void APlainPredictionEngineReleasesItsModel()
    {
        using var checkpoint = new CheckpointCopy();
        using var pictures = new Pictures(1);
        AttentionExtractorOptions options = TinyExtraction.Options(2);
        options.ModelDirectory = checkpoint.Path;
        PredictionEngine<ImageRow, GeometryRow> engine = ML.Model.CreatePredictionEngine<ImageRow, GeometryRow>(
            ML.Transforms.ExtractAttention(options).Fit(pictures.View)
        );
        Assert.AreEqual(40, engine.Predict(new ImageRow { Image = pictures.Rows[0].Image }).Geometry[0]);
        engine.Dispose();
        Assert.AreEqual(0, MappedFiles.Count(checkpoint.Path));
    }

    [TestMethod]
    public void RowsWithoutAnImageAreNaNAndCountedInTheLog()
    {
        using var pictures = new Pictures(7, without: [0, 3, 6]);
        IDataView data = TinyExtraction.Ground(ML, pictures.View, readAhead: 2);
        float[][] maps = data.Vectors("GroundingMaps");
        for (int row = 0; row < maps.Length; row++)
        {
            Assert.AreEqual(row % 3 == 0, maps[row].All(float.IsNaN), $"row {row}");
            Assert.AreEqual(row % 3 == 0, maps[row].Any(float.IsNaN), $"row {row}");
        }

        string[] said = [.. _log.Warnings.Where(warning => warning.StartsWith("AttentionExtractor", StringComparison.Ordinal))];
        CollectionAssert.AreEqual(
            new[]
            {
                "AttentionExtractor: row 0: there is no image.",
                "AttentionExtractor: row 3: there is no image.",
                "AttentionExtractor: row 6: there is no image.",
                "AttentionExtractor: 3 row(s) could not be computed and were marked instead of dropped.",
            },
            said
        );
    }

    private sealed class ImageRow
    {
        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class GeometryRow
    {
        public float[] Geometry { get; set; } = [];
    }
}
