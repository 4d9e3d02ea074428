namespace MLNetGrounding.Data.Cub;

[TestClass]
public sealed class CubPartsTests
{
    [TestMethod]
    public void EveryAttributeHasTheKeyPointsThatItsNameSays()
    {
        var expected = new Dictionary<string, string[]>
        {
            ["beak"] = ["beak"],
            ["belly"] = ["belly"],
            ["breast"] = ["breast"],
            ["head"] = ["crown", "forehead", "nape"],
            ["wing"] = ["left wing", "right wing"],
            ["eye"] = ["left eye", "right eye"],
            ["tail"] = ["tail"],
            ["throat"] = ["throat"],
            ["back"] = ["back"],
            ["leg"] = ["left leg", "right leg"],
        };
        CollectionAssert.AreEqual(expected.Keys, CubParts.Attributes.ToArray());
        foreach (string attribute in CubParts.Attributes)
        {
            string[] names = [.. CubParts.KeyPointsOf[attribute].Select(index => CubParts.KeyPointNames[index])];
            CollectionAssert.AreEquivalent(expected[attribute], names, attribute);
        }
    }
}
