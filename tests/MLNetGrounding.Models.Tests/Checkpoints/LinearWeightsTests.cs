using MLNetGrounding.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

[TestClass]
public sealed class LinearWeightsTests
{
    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void WeightsWidenedPieceByPieceGiveTheProductOfAllOfThem(ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1);
        // Three pieces, the last one smaller.
        Tensor weight = randn([2500, 1700], generator: generator).to(type);
        Tensor bias = randn([2500], generator: generator);
        Tensor input = randn([1, 3, 1700], generator: generator);
        Tensor expected = nn.functional.linear(input, weight.to(ScalarType.Float32), bias);
        Tensor actual = new LinearWeights(weight, bias).Apply(input);
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.AreEqual(ScalarType.Float32, actual.dtype);
        Assert.IsLessThan(1e-3, (expected - actual).abs().max().item<float>());
    }
}
