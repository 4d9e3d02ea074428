using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Methods;

[TestClass]
public sealed class MaskAloneTests
{
    [TestMethod]
    public void TheMaskAsAMapIsTheMaskOfTheSteps()
    {
        using TemporaryFolder folder = new();
        MLContext ml = new(seed: 1);
        string model = RandomLlava.Write(Path.Combine(folder.Path, "model"), seed: 7, layers: 2, heads: 4, grid: 6);
        IDataView birds = ml.Data.LoadCub(
            SampleBirds.Write(
                Path.Combine(folder.Path, "birds"),
                new SampleBirdsOptions
                {
                    Count = 2,
                    MinimumSize = 64,
                    MaximumSize = 80,
                }
            )
        );
        using TransformerChain<RolloutMaskerTransformer> steps = ml
            .Transforms.LoadGroundingImages()
            .Append(ml.Transforms.ExtractAttention(model, ["beak", "wing"], "bird"))
            .Append(ml.Transforms.SelectHeads())
            .Append(ml.Transforms.MaskByRollout())
            .Fit(birds);
        using TransformerChain<MethodGrounderTransformer> method = ml
            .Transforms.LoadGroundingImages()
            .Append(
                ml.Transforms.GroundByMethods(
                    model,
                    ["beak", "wing"],
                    "bird",
                    [GroundingMethods.Paper with { Name = "Mask", Constraint = HierarchicalConstraint.MaskAlone }]
                )
            )
            .Fit(birds);
        float[][] expected = [.. steps.Transform(birds).GetColumn<float[]>("CoarseMask")];
        float[][] actual = [.. method.Transform(birds).GetColumn<float[]>("GroundingMaps.Mask")];
        for (int row = 0; row < expected.Length; row++)
        {
            for (int cell = 0; cell < 36; cell++)
            {
                Assert.AreEqual(expected[row][cell], actual[row][cell], 1e-5);
                Assert.AreEqual(actual[row][cell], actual[row][36 + cell], "the mask is the same for every word");
            }
        }
    }
}
