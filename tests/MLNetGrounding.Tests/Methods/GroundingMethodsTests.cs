namespace MLNetGrounding.Methods;

[TestClass]
public sealed class GroundingMethodsTests
{
    [TestMethod]
    public void EveryMethodIsFoundByItsNameAndSaysWhereItIsFrom()
    {
        GroundingMethod[] known = [.. GroundingMethods.All, .. GroundingMethods.Releases, .. GroundingMethods.Ablations];
        CollectionAssert.AllItemsAreUnique(known.Select(method => method.Name).ToArray());
        foreach (GroundingMethod method in known)
        {
            Assert.AreSame(method, GroundingMethods.ByName(method.Name.ToUpperInvariant()));
            Assert.AreNotEqual("", method.Source);
            method.Validate();
        }
    }

    [TestMethod]
    public void EveryBlurStatesItsTapsAndItsBorder()
    {
        Assert.AreEqual(
            new GaussianSmoothing
            {
                KernelSize = 9,
                Deviation = 1,
                Border = MapBorder.Mirrored,
            },
            GroundingMethods.LocalizationHeads.Smoothing
        );
        Assert.AreEqual(
            new GaussianSmoothing
            {
                KernelSize = 7,
                Deviation = 1,
                Border = MapBorder.Zero,
            },
            GroundingMethods.LocalizationHeadsJune2025.Smoothing
        );
        Assert.AreEqual(
            new GaussianSmoothing
            {
                KernelSize = 7,
                Deviation = 1,
                Border = MapBorder.Zero,
            },
            GroundingMethods.DecAf.Smoothing
        );
    }

    [TestMethod]
    public void AnUnknownNameIsRefusedWithTheKnownOnes() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.ByName("SAM")).Message, "VlSam");
}
