namespace MLNetGrounding.Maths.Maps;

[TestClass]
public sealed class ConstantCellRemovalTests
{
    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults() =>
        Assert.AreEqual((10.0, 2.0), (new ConstantCellRemoval().Factor, new ConstantCellRemoval().Agreement));

    [TestMethod]
    public void ACellThatStandsOutForEveryQuestionAlikeIsConstant()
    {
        // Cell 0 by 20, 30 and 25; cell 1 by 20 for one question alone; cell 2 by 12 and 40, which is no agreement.
        float[][] means =
        [
            [20, 20, 12, 1, 1, 1, 1],
            [30, 1, 40, 1, 1, 1, 1],
            [25, 1, 12, 1, 1, 1, 1],
        ];
        CollectionAssert.AreEqual(new[] { true, false, false, false, false, false, false }, new ConstantCellRemoval().Find(means));
        CollectionAssert.AreEqual(
            new[] { true, false, true, false, false, false, false },
            new ConstantCellRemoval { Agreement = 4 }.Find(means)
        );
        CollectionAssert.AreEqual(new bool[7], new ConstantCellRemoval { Factor = 21 }.Find(means));
    }

    [TestMethod]
    public void AFactorAndAnAgreementThatAreJustReachedCount() =>
        CollectionAssert.AreEqual(
            new[] { true, false, false },
            new ConstantCellRemoval { Factor = 10, Agreement = 2 }.Find([
                [10, 1, 1],
                [20, 1, 1],
            ])
        );

    [TestMethod]
    public void OneQuestionHasNothingToAgreeWith()
    {
        CollectionAssert.AreEqual(
            new bool[3],
            new ConstantCellRemoval().Find([
                [100, 1, 1],
            ])
        );
        Assert.IsEmpty(new ConstantCellRemoval().Find([]));
    }

    [TestMethod]
    public void WhereHalfOfTheCellsGetNothingNoneStandsOut() =>
        CollectionAssert.AreEqual(
            new bool[4],
            new ConstantCellRemoval().Find([
                [1, 0, 0, 0],
                [1, 0, 0, 0],
            ])
        );

    [TestMethod]
    public void AConstantCellGetsTheMeanOfItsOtherNeighbors()
    {
        // Two maps of 2 x 3 cells, the corner and the cell beside it constant.
        float[] maps = [90, 80, 3, 1, 2, 6, 9, 8, 30, 10, 20, 60];
        ConstantCellRemoval.Fill(maps, new MapGrid(2, 3), [true, true, false, false, false, false]);
        CollectionAssert.AreEqual(new float[] { 1.5f, 3, 3, 1, 2, 6, 15, 30, 30, 10, 20, 60 }, maps);
    }

    [TestMethod]
    public void AMapOfConstantCellsStaysAsItIs()
    {
        float[] map = [1, 2, 3, 4];
        ConstantCellRemoval.Fill(map, new MapGrid(2, 2), [true, true, true, true]);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, map);
    }

    [TestMethod]
    public void TheFastWayIsTheObviousOne()
    {
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            MapGrid grid = new(random.Next(1, 7), random.Next(1, 7));
            float[][] means =
            [
                .. Enumerable
                    .Range(0, random.Next(2, 5))
                    .Select(_ => Enumerable.Range(0, grid.Cells).Select(_ => random.NextSingle()).ToArray()),
            ];
            foreach (int cell in Enumerable.Range(0, grid.Cells).Where(_ => random.Next(3) == 0))
            {
                Array.ForEach(means, mean => mean[cell] = 3 + random.NextSingle());
            }

            bool[] constant = new ConstantCellRemoval { Factor = 3 }.Find(means);
            CollectionAssert.AreEqual(PlainConstantCells.Find(means, 3, 2), constant);
            float[] filled = [.. means[0]];
            ConstantCellRemoval.Fill(filled, grid, constant);
            float[] plain = PlainConstantCells.Fill(means[0], grid, constant);
            for (int cell = 0; cell < filled.Length; cell++)
            {
                Assert.AreEqual(plain[cell], filled[cell], 1e-6f * Math.Abs(plain[cell]), $"round {round}, cell {cell}");
            }
        }
    }

    [TestMethod]
    public void SettingsOutOfTheirRangesAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new ConstantCellRemoval { Factor = 1 }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new ConstantCellRemoval { Factor = double.NaN }.Validate);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(new ConstantCellRemoval { Agreement = 0.9 }.Validate);
    }
}
