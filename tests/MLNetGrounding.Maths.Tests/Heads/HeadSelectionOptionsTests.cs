namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class HeadSelectionOptionsTests
{
    [TestMethod]
    public void DefaultsAreThePapers()
    {
        var options = new HeadSelectionOptions();
        Assert.AreEqual(0.8, options.EntropyThreshold);
        Assert.AreEqual(EntropyDirection.KeepLow, options.EntropyDirection);
        Assert.AreEqual(0.05, options.ActiveThreshold);
        Assert.AreEqual(ActiveScaling.MinMax, options.ActiveScaling);
        Assert.AreEqual(0.5, options.CompactnessThreshold);
        Assert.AreEqual(Connectivity.Four, options.Connectivity);
        Assert.AreEqual(KeptArea.WholeMap, options.KeptArea);
        Assert.AreEqual(HeadAggregation.Maximum, options.HeadAggregation);
        Assert.AreEqual(3, options.TopHeads);
        Assert.AreEqual(HeadScaling.None, options.HeadScaling);
        Assert.AreEqual(EmptyLayer.Zero, options.EmptyLayer);
        options.Validate();
    }

    [TestMethod]
    public void ValuesOutsideTheirRangeAreNamed()
    {
        (string Option, HeadSelectionOptions Options)[] wrong =
        [
            ("EntropyThreshold", new() { EntropyThreshold = -0.1 }),
            ("EntropyThreshold", new() { EntropyThreshold = double.NaN }),
            ("EntropyDirection", new() { EntropyDirection = (EntropyDirection)9 }),
            ("ActiveThreshold", new() { ActiveThreshold = 1.1 }),
            ("ActiveScaling", new() { ActiveScaling = (ActiveScaling)9 }),
            ("CompactnessThreshold", new() { CompactnessThreshold = 50 }),
            ("Connectivity", new() { Connectivity = (Connectivity)6 }),
            ("KeptArea", new() { KeptArea = (KeptArea)9 }),
            ("HeadAggregation", new() { HeadAggregation = (HeadAggregation)9 }),
            ("TopHeads", new() { TopHeads = 0 }),
            ("HeadScaling", new() { HeadScaling = (HeadScaling)9 }),
            ("EmptyLayer", new() { EmptyLayer = (EmptyLayer)9 }),
        ];
        foreach ((string? option, HeadSelectionOptions? options) in wrong)
        {
            Assert.AreEqual(option, Assert.ThrowsExactly<ArgumentOutOfRangeException>(options.Validate).ParamName);
        }
    }
}
