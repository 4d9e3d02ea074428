#pragma warning disable IDE0007, IDE0008 // What the page shows is written as ML.NET's own samples are.
using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Testing;

namespace GroundBirds;

/// <summary>The pipeline that the README shows is this one, and it runs.</summary>
[TestClass]
public sealed class ReadmeTests
{
    private const int Birds = 4;

    [TestMethod]
    public void ThePipelineRuns()
    {
        using var folder = new TemporaryFolder();
        string data = SampleBirds.Write(Path.Combine(folder.Path, "birds"), new SampleBirdsOptions { Count = Birds, TrainFraction = 0 });
        GroundingMetrics metrics = Ground(data, SampleLlava.Directory);
        CollectionAssert.AreEqual(new[] { "beak", "wing", "eye" }, metrics.Attributes.Select(attribute => attribute.Name).ToArray());
        Assert.AreEqual(Birds, metrics.RowCount);
        Assert.IsGreaterThan(0, metrics.Overall.Count);
    }

    [TestMethod]
    [DataRow("README.md")]
    [DataRow("build/PACKAGE.md")]
    public void TheReadmeShowsThisPipeline(string document)
    {
        string root = Path.Combine(TestData.Fixture("golden"), "..", "..", "..");
        string[] own = Lines(File.ReadAllText(Path.Combine(root, "tests", "GroundBirds.Tests", "ReadmeTests.cs")));
        string snippet = File.ReadAllText(Path.Combine(root, document)).Split("```csharp")[1].Split("```")[0];
        string[] shown = Lines(
            snippet
                .Replace("\"CUB_200_2011\"", "data", StringComparison.Ordinal)
                .Replace("\"llava-1.5-7b-hf\"", "model", StringComparison.Ordinal)
        );

        CollectionAssert.AreEqual(new[] { "using Microsoft.ML;", "using MLNetGrounding;" }, shown[..2]);
        int first = Array.IndexOf(own, shown[2]);
        Assert.IsGreaterThan(0, first, $"this test does not run '{shown[2]}'");
        CollectionAssert.AreEqual(own[first..Array.IndexOf(own, "return metrics;")], shown[2..]);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // csharpier-ignore
    private static GroundingMetrics Ground(string data, string model)
    {
        var context = new MLContext();
        IDataView birds = context.Data.LoadCub(data, CubSplit.Test);
        var pipeline = context.Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(model, ["beak", "wing", "eye"], "bird"))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Append(context.Transforms.EvaluateMpir());
        IDataView grounded = pipeline.Fit(birds).Transform(birds);
        GroundingMetrics metrics = context.Grounding.Evaluate(grounded);
        return metrics;
    }
}
