namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class AttentionSinkRemovalTests
{
    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        AttentionSinkRemoval options = new();
        Assert.IsNull(options.Dimensions);
        Assert.AreEqual(2, options.FoundDimensions);
        Assert.AreEqual(20 / Math.Sqrt(4096), options.Threshold);
    }

    [TestMethod]
    public void WhatSinksHaveGoesToTheOthersInProportion()
    {
        // Two layers of two heads of four cells; cell 1 is a sink of the first layer, no cell of the second.
        float[] maps = [1, 6, 2, 1, 0, 5, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1];
        AttentionSinkRemoval.Apply(maps, [0, 1, 0, 0, 0, 0, 0, 0], heads: 2, cells: 4);
        CollectionAssert.AreEqual(new float[] { 2.5f, 0, 5, 2.5f, 0, 5, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1 }, maps, "a head that looks at sinks alone stays as it is");
    }

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AttentionSinkRemoval { Dimensions = [] }.Validate());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { FoundDimensions = 0 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { Threshold = 1.5 }.Validate);
    }
}
