using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Families.QwenVl;

[TestClass]
public sealed class GridSpanTests
{
    [TestMethod]
    public void TextAfterAnImageGoesOnAfterItsLongerSide() =>
        Check(
            [(3, null), (0, new(2, 3)), (2, null)],
            [0, 1, 2, 3, 3, 3, 3, 3, 3, 6, 7],
            [0, 1, 2, 3, 3, 3, 4, 4, 4, 6, 7],
            [0, 1, 2, 3, 4, 5, 3, 4, 5, 6, 7]
        );

    [TestMethod]
    public void AnImageMayComeFirst() => Check([(0, new(4, 1)), (2, null)], [0, 0, 0, 0, 4, 5], [0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 4, 5]);

    [TestMethod]
    public void ASecondImageBeginsWhereTheTextEnds() =>
        Check(
            [(2, null), (0, new(2, 2)), (2, null), (0, new(1, 6)), (3, null)],
            [0, 1, 2, 2, 2, 2, 4, 5, 6, 6, 6, 6, 6, 6, 12, 13, 14],
            [0, 1, 2, 2, 3, 3, 4, 5, 6, 6, 6, 6, 6, 6, 12, 13, 14],
            [0, 1, 2, 3, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
        );

    [TestMethod]
    public void EveryCellIsOneToken()
    {
        ImageSpan span = GridSpan.Of(new MapGrid(2, 3), 9);
        CollectionAssert.AreEqual(new[] { 9, 9, 9, 9, 9, 9 }, span.Ids.ToArray());
        Assert.IsTrue(span.Layout.IsRowByRow);
        Assert.AreEqual(new MapGrid(2, 3), span.Layout.Grid);
    }

    private static void Check((int Text, MapGrid? Image)[] parts, params int[][] expected)
    {
        List<int>[] positions =
        [
            [],
            [],
            [],
        ];
        int next = 0;
        foreach ((int text, MapGrid? image) in parts)
        {
            ImageSpan? span = image is { } grid ? GridSpan.Of(grid, 9) : null;
            for (int axis = 0; axis < positions.Length; axis++)
            {
                positions[axis].AddRange((span?.Offsets![axis] ?? Enumerable.Range(0, text)).Select(offset => next + offset));
            }

            next += span?.Advance ?? text;
        }

        for (int axis = 0; axis < positions.Length; axis++)
        {
            CollectionAssert.AreEqual(expected[axis], positions[axis]);
        }
    }
}
