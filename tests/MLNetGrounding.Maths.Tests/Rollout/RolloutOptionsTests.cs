namespace MLNetGrounding.Maths.Rollout;

[TestClass]
public sealed class RolloutOptionsTests
{
    [TestMethod]
    public void DefaultsOfTheRollout()
    {
        var options = new RolloutOptions();
        Assert.AreEqual(RolloutForm.Tokens, options.Form);
        Assert.AreEqual(RolloutOrder.TopDown, options.Order);
        Assert.IsFalse(options.RowNormalized);
        options.Validate();
    }

    [TestMethod]
    public void DefaultsOfTheFlow()
    {
        var options = new CoarseFlowOptions();
        Assert.AreEqual(FlowHeads.KeptMaximum, options.Heads);
        Assert.AreEqual(new HeadSelectionOptions(), options.HeadSelection);
        options.Validate();
    }

    [TestMethod]
    public void ValuesOutsideTheirRangeAreNamed()
    {
        static string? NameOf(Action validate) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(validate).ParamName;
        Assert.AreEqual("Form", NameOf(new RolloutOptions { Form = (RolloutForm)9 }.Validate));
        Assert.AreEqual("Order", NameOf(new RolloutOptions { Order = (RolloutOrder)9 }.Validate));
        Assert.AreEqual("Heads", NameOf(new CoarseFlowOptions { Heads = (FlowHeads)9 }.Validate));
        Assert.AreEqual("TopHeads", NameOf(new CoarseFlowOptions { HeadSelection = new() { TopHeads = -1 } }.Validate));
        Assert.ThrowsExactly<ArgumentNullException>(new CoarseFlowOptions { HeadSelection = null! }.Validate);
    }
}
