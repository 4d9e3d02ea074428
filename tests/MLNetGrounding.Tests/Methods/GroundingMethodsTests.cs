namespace MLNetGrounding.Methods;

[TestClass]
public sealed class GroundingMethodsTests
{
    [TestMethod]
    public void EveryMethodIsFoundByItsNameAndSaysWhereItIsFrom()
    {
        GroundingMethod[] known = [.. GroundingMethods.All, .. GroundingMethods.Ablations];
        CollectionAssert.AllItemsAreUnique(known.Select(method => method.Name).ToArray());
        foreach (GroundingMethod method in known)
        {
            Assert.AreSame(method, GroundingMethods.ByName(method.Name.ToUpperInvariant()));
            Assert.AreNotEqual("", method.Source);
            method.Validate();
        }
    }

    [TestMethod]
    public void AnUnknownNameIsRefusedWithTheKnownOnes() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.ByName("SAM")).Message, "VlSam");
}
