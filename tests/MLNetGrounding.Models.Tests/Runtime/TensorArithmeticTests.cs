using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Runtime;

[TestClass]
public sealed class TensorArithmeticTests
{
    [ClassInitialize]
    public static void Initialize(TestContext context) => TorchRuntime.EnsureLoadable();

    [TestMethod]
    public void NumbersOutliveTheirCallsWhileGarbageIsCollected()
    {
        using Tensor left = tensor(new float[] { 1, 2 });
        using Tensor right = tensor(new float[] { 3, 5 });
        using var done = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            // With TorchSharp's operators this fails within some ten thousand rounds.
            for (int round = 0; round < 200_000; round++)
            {
                using Tensor sum = left.Plus(right);
                using Tensor product = sum.Times(3);
                Assert.AreEqual(21, product[1].item<float>());
            }
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }
    }

    [TestMethod]
    public void TheyComputeWhatTheOperatorsDo()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor left = tensor(new float[] { 1, -2, 3 });
        Tensor right = tensor(new float[] { 4, 5, -6 });
        Assert.IsTrue((left + right).equal(left.Plus(right)).all().item<bool>());
        Assert.IsTrue((left + 0.5).equal(left.Plus(0.5)).all().item<bool>());
        Assert.IsTrue((left * 0.5).equal(left.Times(0.5)).all().item<bool>());
        Assert.IsTrue((left * 0.5).equal(left.clone().TimesInPlace(0.5)).all().item<bool>());
        Assert.IsTrue((left + right).equal(left.clone().PlusInPlace(right)).all().item<bool>());
        Tensor negative = tensor(new bool[] { false, true, false });
        CollectionAssert.AreEqual(
            new float[] { 1, float.NegativeInfinity, 3 },
            left.clone().FillWhereInPlace(negative, double.NegativeInfinity).data<float>().ToArray()
        );
    }
}
