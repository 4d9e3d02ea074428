namespace MLNetGrounding.Samples.Birds;

[TestClass]
public sealed class SpeciesTableTests
{
    [TestMethod]
    public void EverySpeciesIsNumberedAndFullyColored()
    {
        Assert.IsGreaterThanOrEqualTo(20, SpeciesTable.All.Count);
        for (int index = 0; index < SpeciesTable.All.Count; index++)
        {
            Assert.AreEqual(index, SpeciesTable.All[index].Index);
            Assert.HasCount(BirdAnatomy.PartCount, SpeciesTable.All[index].Colors);
        }

        Assert.HasCount(SpeciesTable.All.Count, SpeciesTable.All.Select(species => species.Name).Distinct());
    }

    [TestMethod]
    public void NeighborsDifferInOneColorOnly()
    {
        for (int index = 0; index < SpeciesTable.All.Count; index += 2)
        {
            BirdSpecies first = SpeciesTable.All[index];
            BirdSpecies second = SpeciesTable.All[index + 1];
            Assert.AreEqual(first.Shape, second.Shape);
            Assert.AreEqual(1, first.Colors.Zip(second.Colors).Count(pair => pair.First != pair.Second), second.Name);
        }
    }

    [TestMethod]
    public void EveryPartTellsSomePairApart()
    {
        int[] telling =
        [
            .. Enumerable
                .Range(0, SpeciesTable.All.Count / 2)
                .Select(pair =>
                    Enumerable
                        .Range(0, BirdAnatomy.PartCount)
                        .First(part => SpeciesTable.All[pair * 2].Colors[part] != SpeciesTable.All[(pair * 2) + 1].Colors[part])
                ),
        ];
        CollectionAssert.AreEquivalent(Enumerable.Range(0, BirdAnatomy.PartCount).ToArray(), telling.Distinct().ToArray());
    }
}
