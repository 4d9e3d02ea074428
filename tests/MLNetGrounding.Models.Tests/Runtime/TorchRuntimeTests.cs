using static TorchSharp.torch;

namespace MLNetGrounding.Models.Runtime;

[TestClass]
public sealed class TorchRuntimeTests
{
    [TestMethod]
    public void TorchLoadsAndComputes()
    {
        TorchRuntime.EnsureLoadable();
        using Tensor product = matmul(ones(2, 3), ones(3, 4));
        Assert.AreEqual(24f, product.sum().item<float>());
    }
}
