namespace MLNetGrounding.Report;

[TestClass]
public sealed class ConstantCellTextTests
{
    private static readonly MapGrid Grid = new(2, 3);

    [TestMethod]
    public void CellsAreNamedWithTheirShares()
    {
        // Two questions of one layer and two heads; cell 3 has 30 of 35, whatever is asked.
        float[] head = [1, 1, 1, 30, 1, 1];
        Assert.AreEqual(
            "1 of 6 cells stands out by about the same factor whatever is asked, with 85.7 % of the attention to the image (2 questions): row 1, column 0 (85.7 %). Rows and columns count from 0.",
            ConstantCellText.Of(new GroundedLayers(1, 2, (float[])[.. head, .. head, .. head, .. head]), 2, Grid)
        );
    }

    [TestMethod]
    public void WhereAQuestionDisagreesNoCellIsNamed()
    {
        float[] one = [1, 1, 1, 30, 1, 1];
        float[] other = [1, 1, 1, 1, 1, 1];
        Assert.AreEqual(
            "No cell stands out by the same factor for all: 1 question and the one about nothing in particular.",
            ConstantCellText.Of(new GroundedLayers(1, 1, one) { NeutralAttention = other }, 1, Grid)
        );
    }

    [TestMethod]
    public void OneQuestionAndNumbersThatAreNoneSayNothing()
    {
        Assert.AreEqual("", ConstantCellText.Of(new GroundedLayers(1, 1, new float[6]), 1, Grid));
        Assert.AreEqual("", ConstantCellText.Of(new GroundedLayers(1, 1, (float[])[.. Enumerable.Repeat(float.NaN, 12)]), 2, Grid));
    }
}
