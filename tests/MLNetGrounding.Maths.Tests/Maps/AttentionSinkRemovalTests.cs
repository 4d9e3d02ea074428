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
        Assert.AreEqual(0, options.FirstLayer);
        Assert.AreEqual(0, options.KeptShare);
        Assert.AreEqual(1, options.LargestSinkShare);
        Assert.AreEqual(0, options.LeastVisualShare);
        Assert.IsFalse(options.TextSinks);
        Assert.AreEqual(
            new AttentionSinkRemoval
            {
                FirstLayer = 2,
                KeptShare = 0.6,
                LargestSinkShare = 0.5,
                LeastVisualShare = 0.2,
                TextSinks = true,
            },
            AttentionSinkRemoval.Published
        );
        AttentionSinkRemoval.Published.Validate();
    }

    [TestMethod]
    public void WhatSinksHaveGoesToTheOthersInProportion()
    {
        // Two layers of two heads of four cells; cell 1 is a sink of the first layer, no cell of the second.
        float[] maps = [1, 6, 2, 1, 0, 5, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1];
        new AttentionSinkRemoval().Apply(maps, [0, 1, 0, 0, 0, 0, 0, 0], [], heads: 2, cells: 4);
        CollectionAssert.AreEqual(
            new float[] { 2.5f, 0, 5, 2.5f, 0, 5, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1 },
            maps,
            "a head that looks at sinks alone stays as it is"
        );
    }

    [TestMethod]
    public void AsPublishedSinksKeepAShareAndTextSinksGiveToo()
    {
        // A layer that is too early, then heads: changed; too much of it with the sink; too little with the picture.
        float[] maps =
        [
            0.1f,
            0.2f,
            0.1f,
            0.1f,
            0.1f,
            0.2f,
            0.1f,
            0.1f,
            0.1f,
            0.2f,
            0.1f,
            0.1f,
            0.1f,
            0.2f,
            0.3f,
            0,
            0.1f,
            0.21f,
            0.1f,
            0,
            0.02f,
            0.05f,
            0.05f,
            0.07f,
        ];
        AttentionSinkRemoval options = AttentionSinkRemoval.Published with { FirstLayer = 1 };
        float[] before = maps.ToArray();
        options.Apply(maps, [0, 1, 0, 0, 0, 1, 0, 0], [0.3f, 0.3f, 0.3f, 0.3f, 0.3f, 0.3f], heads: 3, cells: 4);
        CollectionAssert.AreEqual(before[..12], maps[..12]);
        CollectionAssert.AreEqual(before[16..], maps[16..]);
        // 0.4 of 0.2 and of 0.3 go to cells that have 0.1 and 0.3.
        float[] expected = [0.1f + 0.2f * 0.25f, 0.12f, 0.3f + 0.2f * 0.75f, 0];
        for (int cell = 0; cell < 4; cell++)
        {
            Assert.AreEqual(expected[cell], maps[12 + cell], 1e-6);
        }
        Assert.Contains("textSinks", Assert.ThrowsExactly<ArgumentException>(() => options.Apply(maps, new float[8], [], 3, 4)).Message);
    }

    [TestMethod]
    public void SharesThatAreJustReachedChangeTheHead()
    {
        // The sink holds half of the attention to the image, and the image a quarter of all.
        AttentionSinkRemoval options = new() { LargestSinkShare = 0.5, LeastVisualShare = 0.25 };
        float[] visual = [0.125f, 0.125f];
        Assert.IsTrue(options.Redistribute(visual, [1, 0], [], []));
        CollectionAssert.AreEqual(new[] { 0, 0.25f }, visual);
    }

    [TestMethod]
    public void WhatTextSinksGiveTheyHaveNoLonger()
    {
        // 1/8 of the cell and 1/4 of the text go to the other cell; a token that is no sink gives nothing.
        AttentionSinkRemoval options = new() { KeptShare = 0.5, TextSinks = true };
        float[] visual = [0.25f, 0.125f];
        float[] text = [0.5f, 0.125f];
        Assert.IsTrue(options.Redistribute(visual, [1, 0], text, [1, 0]));
        CollectionAssert.AreEqual(new[] { 0.125f, 0.5f, 0.25f, 0.125f }, visual.Concat(text).ToArray());
    }

    [TestMethod]
    public void WithoutASinkInThePictureTheTextKeepsWhatItHas()
    {
        float[] visual = [0.2f, 0.3f];
        float[] text = [0.5f];
        Assert.IsFalse(AttentionSinkRemoval.Published.Redistribute(visual, [0, 0], text, [1]));
        CollectionAssert.AreEqual(new[] { 0.2f, 0.3f, 0.5f }, visual.Concat(text).ToArray());
    }

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AttentionSinkRemoval { Dimensions = [] }.Validate());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { FoundDimensions = 0 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { Threshold = 1.5 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { FirstLayer = -1 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { KeptShare = 2 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { LargestSinkShare = -1 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new AttentionSinkRemoval { LeastVisualShare = double.NaN }.Validate);
    }
}
