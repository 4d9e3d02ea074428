namespace MLNetGrounding.Maths.Geometry;

[TestClass]
public sealed class AspectRatioTests
{
    [TestMethod]
    [DataRow("1.5", 1.5)]
    [DataRow("16:9", 16.0 / 9)]
    [DataRow(" 3 : 4 ", 0.75)]
    [DataRow("2.35:1", 2.35)]
    public void AnAspectRatioIsANumberOrTwo(string text, double expected)
    {
        Assert.IsTrue(AspectRatio.TryParse(text, out double ratio));
        Assert.AreEqual(expected, ratio);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("0")]
    [DataRow("-1")]
    [DataRow("16:0")]
    [DataRow("16:9:1")]
    [DataRow("1,5")]
    [DataRow("wide")]
    [DataRow("NaN")]
    [DataRow("1e400")]
    public void AnythingElseIsNone(string? text)
    {
        Assert.IsFalse(AspectRatio.TryParse(text, out double ratio));
        Assert.AreEqual(0, ratio);
    }
}
