using MLNetGrounding.Maths.Scoring.Baselines;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class VisibleKeyPointTests
{
    [TestMethod]
    [DataRow(-1)]
    [DataRow(float.NaN)]
    public void AVisibilityThatSaysNothingIsRefusedEverywhere(float visibility)
    {
        float[] visible = [1, visibility];
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => VisibleKeyPoint.IsVisible(visible, 1)).Message, "key point 1");
        Assert.ThrowsExactly<ArgumentException>(() => new PartPositionSums().Add([0, 0, 10, 10], [1, 1, 2, 2], visible, [0, 1]));
    }
}
