using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Answers;

[TestClass]
public sealed class BoxMapTests
{
    // 80 x 40 pixels on 8 x 4 cells of ten pixels.
    private static readonly ImageGeometry Plain = ImageGeometry.Create(ImageFit.Stretch, 80, 40, 80, 40, new MapGrid(4, 8), 10, 10);

    // 80 x 40 pixels in the middle of a square of 8 x 8 cells.
    private static readonly ImageGeometry Padded = ImageGeometry.Create(ImageFit.Pad, 80, 40, 80, 80, new MapGrid(8, 8), 10, 10);

    [TestMethod]
    public void CellsWhoseMiddleIsInsideAreMarked()
    {
        // Middles of columns at 5, 15, 25, ...; of rows at 5, 15, 25, 35.
        CollectionAssert.AreEqual(new[] { 9, 10, 17, 18 }, Marked(new AnswerBox(14, 14, 12, 12), Plain));
        CollectionAssert.AreEqual(new[] { 9 }, Marked(new AnswerBox(14, 14, 10, 10), Plain), "the right and lower edge are outside");
        CollectionAssert.AreEqual(Enumerable.Range(0, 32).ToArray(), Marked(new AnswerBox(0, 0, 80, 40), Plain));
    }

    [TestMethod]
    public void ABoxBetweenMiddlesAndAPointAreTheCellOfTheirOwnMiddle()
    {
        CollectionAssert.AreEqual(new[] { 10 }, Marked(new AnswerBox(16, 16, 8, 2), Plain), "its middle is at 20, 17");
        CollectionAssert.AreEqual(new[] { 31 }, Marked(new AnswerBox(79, 39, 0, 0), Plain));
        CollectionAssert.AreEqual(new[] { 0 }, Marked(new AnswerBox(0, 0, 0, 0), Plain));
    }

    [TestMethod]
    public void PaddingIsNotMarked() => CollectionAssert.AreEqual(new[] { 16, 17 }, Marked(new AnswerBox(0, 0, 20, 10), Padded));

    [TestMethod]
    public void RegionsAreAsLargeAsBoxesOnAverage()
    {
        SplitMix64 random = new(5);
        double cells = 0;
        double area = 0;
        for (int run = 0; run < 4000; run++)
        {
            AnswerBox box = new(
                random.NextDouble() * 30,
                random.NextDouble() * 10,
                12 + (random.NextDouble() * 30),
                12 + (random.NextDouble() * 15)
            );
            cells += Marked(box, Plain).Length * 100;
            area += box.Width * box.Height;
        }

        Assert.AreEqual(1, cells / area, 0.02);
    }

    private static int[] Marked(AnswerBox box, ImageGeometry geometry)
    {
        float[] map = new float[geometry.Grid.Cells];
        BoxMap.Write(box, geometry, map);
        return [.. Enumerable.Range(0, map.Length).Where(cell => map[cell] == 1)];
    }
}
