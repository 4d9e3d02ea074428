using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>Scores that are written outside of the library, on the page.</summary>
[TestClass]
public sealed class FurtherScoreTests
{
    [TestMethod]
    public async Task TheTableHasAColumnForEachNumberAndItsNote()
    {
        using var small = new SmallReport(options: new GroundingReportOptions { FurtherScores = [new CellsAboveHalf()] });
        await using OpenReport report = await OpenReport.AtAsync(small.Path);

        string[] headings = [.. await report.Page.Locator("#table thead th").AllInnerTextsAsync()];
        CollectionAssert.AreEqual(
            (string[])["Attribute", "n", "Equal area, 5 %", "Hit rate", "Median area", "mPIR", "<b>cells</b>"],
            headings
        );

        // Maps are hot in one cell of 36: the region at one half is that cell.
        string[] beak = [.. await report.Page.Locator("#table tbody tr").First.Locator("th, td").AllInnerTextsAsync()];
        Assert.AreEqual("beak", beak[0]);
        Assert.AreEqual("1", beak[^1]);
        Assert.AreEqual(
            "95 % interval 1 to 1",
            await report.Page.Locator("#table tbody tr").First.Locator("td").Last.GetAttributeAsync("title")
        );
        Assert.Contains("<b>cells</b>: the number of cells above one half.", await report.Page.Locator("#table-note").InnerTextAsync());
        int columns = headings.Length;
        foreach (string row in (string[])["#table tbody tr", "#table tfoot tr"])
        {
            Assert.IsTrue(
                await report.Page.Locator(row).EvaluateAllAsync<bool>($"rows => rows.every(row => row.cells.length === {columns})"),
                row
            );
        }
    }

    private sealed class CellsAboveHalf : GroundingScore
    {
        public override IReadOnlyList<ScoreColumn> Columns { get; } =
        [new("<b>cells</b>") { Description = "the number of cells above one half" }];

        public override void Score(in ScoredMap map, Span<float> scores) => scores[0] = map.MarkRegion(0.5, new bool[map.Grid.Cells]);
    }
}
