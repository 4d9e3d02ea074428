namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class CellOrderTests
{
    [TestMethod]
    public void CellsComeByValueAndTiesInRasterOrder()
    {
        var random = new Random(1);
        for (int repetition = 0; repetition < 200; repetition++)
        {
            float[] map = Enumerable
                .Range(0, random.Next(2, 60))
                .Select(_ => random.Next(-4, 5) * (random.Next(3) == 0 ? 1e-30f : 1))
                .ToArray();
            map[0] = 7;
            int[] expected = Enumerable.Range(0, map.Length).OrderByDescending(cell => map[cell]).ToArray();
            CollectionAssert.AreEqual(expected, new CellOrder(map.Length).Of(map).ToArray());
        }
    }

    [TestMethod]
    public void ZeroAndMinusZeroAreOneValue() =>
        CollectionAssert.AreEqual(new[] { 2, 0, 1, 3 }, new CellOrder(4).Of([0f, -0f, 1, 0]).ToArray());

    [TestMethod]
    public void AConstantMapHasNoOrder() => Assert.AreEqual(0, new CellOrder(3).Of([2, 2, 2]).Length);
}
