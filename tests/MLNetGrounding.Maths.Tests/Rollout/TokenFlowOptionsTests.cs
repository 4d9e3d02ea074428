namespace MLNetGrounding.Maths.Rollout;

[TestClass]
public sealed class TokenFlowOptionsTests
{
    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        TokenFlowOptions options = new();
        Assert.AreEqual(HeadWeighting.Equal, options.Heads);
        Assert.AreEqual(TokenFlowForm.Halved, options.Form);
        Assert.AreEqual(CausalRegularizer.None, options.Regularizer);
        Assert.AreEqual(0, options.FirstLayerDepth);
    }

    [TestMethod]
    [DataRow(0.0, 32, 0)]
    [DataRow(14.0 / 32, 32, 14)]
    [DataRow(0.5, 28, 14)]
    [DataRow(0.4375, 4, 1)]
    [DataRow(1.0, 4, 3)]
    public void ADepthIsRoundedDownToALayer(double depth, int layers, int layer) =>
        Assert.AreEqual(layer, new TokenFlowOptions { FirstLayerDepth = depth }.FirstLayer(layers));

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        foreach (
            TokenFlowOptions wrong in new TokenFlowOptions[]
            {
                new() { Heads = (HeadWeighting)9 },
                new() { Form = (TokenFlowForm)9 },
                new() { Regularizer = (CausalRegularizer)9 },
                new() { FirstLayerDepth = 1.1 },
            }
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(wrong.Validate);
        }
    }
}
