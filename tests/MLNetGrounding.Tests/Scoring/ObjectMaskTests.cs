using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Scoring;

/// <summary>Masks of whole objects, from the folder of the data set to the tables.</summary>
[TestClass]
public sealed class ObjectMaskTests : IDisposable
{
    private readonly LoggingContext _log = new();
    private readonly TemporaryFolder _folder = new();

    private MLContext ML => _log.ML;

    private string Cub => Path.Combine(_folder.Path, "birds");

    [TestInitialize]
    public void Draw()
    {
        SampleBirds.Write(
            Cub,
            new SampleBirdsOptions
            {
                Count = 4,
                MinimumSize = 64,
                MaximumSize = 80,
            }
        );
        RandomLlava.Write(Path.Combine(_folder.Path, "model"), seed: 7, layers: 2, heads: 4, grid: 6);
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void MassAndRegionOfTheObjectAreScoredWhereThereAreMasks()
    {
        MethodEvaluation without = Evaluate();
        Assert.IsTrue(double.IsNaN(without["AllHeadsMean"].Mean.MassInObject.Value));
        Assert.IsFalse(without.Methods.Any(method => method.Name == "GroundTruthMask"));
        Assert.DoesNotContain("mass on object", without.ToMarkdown());

        double[] shares = WriteMasks(Path.Combine(Cub, "segmentations"));
        MethodEvaluation with = Evaluate();
        Estimate mass = with["AllHeadsMean"].Mean.MassInObject;
        Assert.IsTrue(mass.Value is > 0 and < 1, $"{mass}");
        Assert.IsLessThan(with["AllHeadsMean"].Mean.MassInBox.Value, mass.Value, "the box is larger than the bird");
        AttributeScores mask = with["GroundTruthMask"].Attributes[0];
        Assert.AreEqual(4, mask.Count);
        double[] sorted = [.. shares.Order()];
        Assert.AreEqual((sorted[1] + sorted[2]) / 2, mask.AtThreshold(0.05).MedianArea.Value, 1e-5);
        Assert.Contains("mass on object", with.ToMarkdown());
        Assert.AreEqual(
            without["AllHeadsMean"].Mean.AtThreshold(0.05).Mpir,
            with["AllHeadsMean"].Mean.AtThreshold(0.05).Mpir,
            "masks change no other score"
        );
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void AMaskThatDoesNotFitCostsNoOtherScore()
    {
        WriteMasks(Path.Combine(_folder.Path, "segmentations"));
        string[] masks = [.. ML.Data.LoadCub(Cub).GetColumn<string>("ObjectMaskPath")];
        Assert.StartsWith(Path.Combine(_folder.Path, "segmentations"), masks[0], "beside the folder");
        File.WriteAllText(masks[0], "no image");
        using (SKBitmap small = new(3, 3))
        using (SKData data = small.Encode(SKEncodedImageFormat.Png, 100))
        {
            File.WriteAllBytes(masks[1], data.ToArray());
        }

        MethodEvaluation evaluation = Evaluate();
        Assert.AreEqual(0, evaluation.FailedImageCount);
        Assert.AreEqual(4, evaluation["AllHeadsMean"].Attributes[0].Count);
        Assert.AreEqual(2, evaluation["GroundTruthMask"].Attributes[0].Count);
        Assert.IsTrue(
            _log.Warnings.Any(warning => warning.Contains("object mask", StringComparison.Ordinal)),
            string.Join('\n', _log.Warnings)
        );
    }

    /// <summary>Writes masks as CUB has them, from the part masks, and returns the object's share of each image.</summary>
    private double[] WriteMasks(string folder)
    {
        List<double> shares = [];
        foreach (CubRow row in ML.Data.CreateEnumerable<CubRow>(ML.Data.LoadCub(Cub), reuseRowObject: false, ignoreMissingColumns: true))
        {
            using var parts = SKBitmap.Decode(row.PartMaskPath);
            using SKBitmap mask = new(new SKImageInfo(parts.Width, parts.Height, SKColorType.Gray8, SKAlphaType.Opaque));
            int inside = 0;
            for (int y = 0; y < parts.Height; y++)
            {
                for (int x = 0; x < parts.Width; x++)
                {
                    bool isBird = parts.GetPixel(x, y).Red > 0;
                    inside += isBird ? 1 : 0;
                    // Five annotators: three of them, or two; in every other column the levels next to the middle.
                    byte level = (byte)(isBird ? (x % 2 == 0 ? 153 : 128) : (x % 2 == 0 ? 102 : 127));
                    mask.SetPixel(x, y, new SKColor(level, level, level));
                }
            }

            string path = Path.Combine(
                folder,
                Path.GetRelativePath(Path.Combine(Cub, "images"), Path.ChangeExtension(row.ImagePath, ".png"))
            );
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using SKData data = mask.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(path, data.ToArray());
            shares.Add((double)inside / (parts.Width * parts.Height));
        }

        return [.. shares];
    }

    private MethodEvaluation Evaluate()
    {
        IDataView rows = ML.Data.LoadCub(Cub);
        using TransformerChain<MethodGrounderTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.GroundByMethods(Path.Combine(_folder.Path, "model"), ["head"], "bird", [GroundingMethods.AllHeadsMean]))
            .Fit(rows);
        return ML.Grounding.EvaluateMethods(
            chain.Transform(rows),
            new MethodEvaluationOptions { ChanceDraws = 16, BootstrapReplicates = 10 }
        );
    }
}
