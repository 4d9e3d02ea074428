using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data;

/// <summary>The same annotations score the same, whatever form they are written in.</summary>
[TestClass]
public sealed class OneSetOfColumnsTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void DrawnBirdsScoreTheSameInEveryForm()
    {
        using TemporaryFolder folder = new();
        string cub = SampleBirds.Write(
            Path.Combine(folder.Path, "birds"),
            new SampleBirdsOptions
            {
                Count = 8,
                MinimumSize = 64,
                MaximumSize = 96,
            }
        );
        using var model = VisionLanguageModel.Load(
            RandomLlava.Write(Path.Combine(folder.Path, "model"), seed: 7, layers: 2, heads: 4, grid: 6)
        );
        (IDataView coco, IDataView points) = Load(cub, folder.Path);

        string expected = Evaluate(model, ML.Data.LoadCub(cub)).ToJson();
        Assert.AreEqual(expected, Evaluate(model, coco).ToJson(), "the images have the same names, so that chance draws the same");
        MethodEvaluation byFile = Evaluate(model, points);
        var byCub = MethodEvaluation.FromJson(expected);
        Assert.IsGreaterThan(0, byCub["Paper"].Mean.Count);
        foreach (MethodScores method in byCub.Methods.Where(method => method.Kind != MethodKind.Baseline))
        {
            for (int attribute = 0; attribute < method.Attributes.Count; attribute++)
            {
                Assert.AreEqual(
                    method.Attributes[attribute].AtThreshold(0.05).Mpir,
                    byFile[method.Name].Attributes[attribute].AtThreshold(0.05).Mpir
                );
                Assert.AreEqual(method.Attributes[attribute].Auc, byFile[method.Name].Attributes[attribute].Auc);
            }
        }

        Assert.AreEqual(
            byCub["GroundTruthBox"].Mean.AtThreshold(0.05).Mpir.Value,
            byFile["GroundTruthBox"].Mean.AtThreshold(0.05).Mpir.Value
        );
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void TheSubsetHasTheSameAnnotationsInEveryForm()
    {
        string cub = TestData.Require("cub/subset200/CUB_200_2011");
        using TemporaryFolder folder = new();
        (IDataView coco, IDataView points) = Load(cub, folder.Path);
        foreach (IDataView other in (IDataView[])[coco, points])
        {
            int rows = 0;
            foreach (
                (Row expected, Row actual) in ML
                    .Data.CreateEnumerable<Row>(ML.Data.LoadCub(cub), reuseRowObject: false)
                    .Zip(ML.Data.CreateEnumerable<Row>(other, reuseRowObject: false))
            )
            {
                Assert.AreEqual(expected.ImagePath, actual.ImagePath);
                CollectionAssert.AreEqual(expected.BoundingBox, actual.BoundingBox);
                CollectionAssert.AreEqual(expected.KeyPointVisible, actual.KeyPointVisible);
                for (int number = 0; number < expected.KeyPoints.Length; number++)
                {
                    Assert.IsTrue(expected.KeyPointVisible[number / 2] == 0 || expected.KeyPoints[number] == actual.KeyPoints[number]);
                }

                rows++;
            }

            Assert.AreEqual(200, rows);
            Assert.AreEqual(200, other.GetRowCount());
        }
    }

    private (IDataView Coco, IDataView Points) Load(string cub, string folder)
    {
        string images = Path.Combine(cub, "images");
        return (
            ML.Data.LoadCocoKeyPoints(
                AnnotationFiles.WriteCoco(cub, Path.Combine(folder, "coco.json")),
                images,
                new CocoLoaderOptions { Words = AnnotationFiles.Words, SwappedWords = CubParts.SwappedQueries }
            ),
            ML.Data.LoadKeyPoints(
                AnnotationFiles.WritePoints(cub, Path.Combine(folder, "points.csv")),
                new KeyPointFileOptions { ImageDirectory = images, SwappedWords = CubParts.SwappedQueries }
            )
        );
    }

    private MethodEvaluation Evaluate(VisionLanguageModel model, IDataView rows)
    {
        IReadOnlyList<GroundingMethod> methods = [GroundingMethods.Paper, GroundingMethods.AllHeadsMean];
        using TransformerChain<MethodGrounderTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(
                ML.Transforms.GroundByMethods(
                    new MethodGrounderOptions
                    {
                        Model = model,
                        Words = CubParts.Attributes,
                        Object = "bird",
                        Methods = methods,
                    }
                )
            )
            .Fit(rows);
        return ML.Grounding.EvaluateMethods(
            chain.Transform(rows),
            new MethodEvaluationOptions
            {
                PartMaskPathColumnName = null,
                ChanceDraws = 64,
                BootstrapReplicates = 20,
                PartPositions = ML.Grounding.LearnPartPositions(rows, CubParts.Attributes),
            }
        );
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public float[] BoundingBox { get; set; } = [];

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];
    }
}
