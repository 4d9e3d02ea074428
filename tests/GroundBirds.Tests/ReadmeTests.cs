using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Samples;
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
    public void TheReadmeShowsThisPipeline()
    {
        string root = Path.Combine(TestData.Fixture("golden"), "..", "..", "..");
        string[] own = [.. File.ReadLines(Path.Combine(root, "tests", "GroundBirds.Tests", "ReadmeTests.cs")).Select(line => line.Trim())];
        string readme = File.ReadAllText(Path.Combine(root, "README.md"));
        string snippet = readme.Split("```csharp")[1].Split("```")[0];
        string[] shown = [.. snippet.Split('\n').Select(line => line.Trim().Replace("\"CUB_200_2011\"", "data", StringComparison.Ordinal).Replace("\"llava-1.5-7b-hf\"", "model", StringComparison.Ordinal)).Where(line => line.Length > 0)];
        Assert.HasCount(11, shown);
        foreach (string line in shown)
        {
            CollectionAssert.Contains(own, line, $"The README shows a line that this test does not run: {line}");
        }
    }

    private static GroundingMetrics Ground(string data, string model)
    {
        var context = new MLContext();
        IDataView birds = context.Data.LoadCub(data, CubSplit.Test);
        var pipeline = context.Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(model, words: ["beak", "wing", "eye"]))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Append(context.Transforms.EvaluateMpir());
        IDataView grounded = pipeline.Fit(birds).Transform(birds);
        GroundingMetrics metrics = context.Grounding.Evaluate(grounded);
        return metrics;
    }
}
