namespace ClassifyBirds;

[TestClass]
public sealed class SpeciesPairsTests
{
    [TestMethod]
    public void TheFirstAndTheSecondAreAPair()
    {
        string[] all = ["001.Amber_Warbler", "002.Ruby_eyed_Warbler", "003.Lantern_Finch", "004.Snowbill_Finch"];
        Assert.AreEqual(all[1], SpeciesPairs.PartnerOf(all[0], all));
        Assert.AreEqual(all[0], SpeciesPairs.PartnerOf(all[1], all));
        Assert.AreEqual(all[3], SpeciesPairs.PartnerOf(all[2], all));
        Assert.AreEqual(all[2], SpeciesPairs.PartnerOf(all[3], all));
    }
}
