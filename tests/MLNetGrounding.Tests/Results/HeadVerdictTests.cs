namespace MLNetGrounding.Results;

[TestClass]
public sealed class HeadVerdictTests
{
    private const int Grid = 4;
    private const int Cells = Grid * Grid;

    [TestMethod]
    public void EachHeadSaysWhatItFailed()
    {
        float[] compact = new float[Cells];
        (compact[5], compact[6]) = (0.6f, 0.4f);
        float[] spread = [.. Enumerable.Range(0, Cells).Select(cell => 1 + (0.1f * cell))];
        float[] scattered = new float[Cells];
        (scattered[0], scattered[2], scattered[8], scattered[10]) = (1, 1, 1, 1);
        float[] constant = [.. Enumerable.Repeat(0.2f, Cells)];

        HeadVerdict[] verdicts = HeadVerdict.Of(
            [.. compact, .. spread, .. scattered, .. constant],
            4,
            new MapGrid(Grid, Grid),
            new HeadSelectionOptions(),
            []
        );

        CollectionAssert.AreEqual(
            (string[])["kept", "entropy above 0.8", "compactness below 0.5", "the same everywhere"],
            verdicts.Select(verdict => verdict.Reason(new HeadSelectionOptions())).ToArray()
        );
        CollectionAssert.AreEqual((bool[])[true, false, false, false], verdicts.Select(verdict => verdict.Kept).ToArray());
        // Two cells of shares 0.6 and 0.4; four of 0.25 each, of which no two touch.
        Assert.AreEqual(-((0.6 * Math.Log(0.6)) + (0.4 * Math.Log(0.4))) / Math.Log(Cells), verdicts[0].Entropy, 1e-6);
        Assert.AreEqual(1, verdicts[0].Compactness);
        Assert.AreEqual(0.25, verdicts[2].Compactness);
    }

    [TestMethod]
    public void AHeadThatPassesAndWasNotKeptWasNotChosen()
    {
        float[] map = new float[Cells];
        map[5] = 1;

        HeadVerdict[] verdicts = HeadVerdict.Of([.. map, .. map], 2, new MapGrid(Grid, Grid), new HeadSelectionOptions(), [0, 1]);

        Assert.AreEqual("not among the chosen heads", verdicts[0].Reason(new HeadSelectionOptions()));
        Assert.IsTrue(verdicts[1].Kept);
    }
}
