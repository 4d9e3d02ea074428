namespace MLNetGrounding.Scoring;

[TestClass]
public sealed class QueryKeyPointsTests
{
    private static readonly KeyPointDescription Car = new()
    {
        Names = ["front wheel", "rear wheel", "door", "mirror", "mirror"],
        KeyPointTable = new Dictionary<string, IReadOnlyList<int>>
        {
            ["wheel"] = [0, 1],
            ["door"] = [2],
            ["roof"] = [],
        },
        SwappedQueries = new Dictionary<string, string> { ["wheel"] = "door", ["door"] = "roof" },
    };

    [TestMethod]
    public void WhatIsStatedComesFirstThenWhatTheDataSaysThenTheNameOfAPoint()
    {
        Dictionary<string, IReadOnlyList<int>> stated = new() { ["door"] = [3], ["wheel"] = [] };

        QueryKeyPoints alone = Of(stated: null, "wheel", "door", "roof", "mirror", "rear wheel", "spoiler");
        QueryKeyPoints with = Of(stated, "wheel", "door", "roof", "mirror");

        AssertIndices(
            [
                [0, 1],
                [2],
                [],
                [3, 4],
                [1],
                [],
            ],
            alone
        );
        AssertIndices(
            [
                [],
                [3],
                [],
                [3, 4],
            ],
            with
        );
        CollectionAssert.AreEqual((int[])[3, 4], alone.Table["mirror"].ToArray());
        Assert.HasCount(6, alone.Table);
    }

    [TestMethod]
    public void APointThatAnImageDoesNotHaveIsRefused()
    {
        string stated = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Of(new() { ["door"] = [5] }, "door")).Message;
        string described = Assert
            .ThrowsExactly<ArgumentOutOfRangeException>(() => new QueryKeyPoints(["wheel"], null, Car, 1, "Step", "Table"))
            .Message;

        Assert.Contains("Step: the key points [5] of query 'door' must be from 0 to 4", stated);
        Assert.Contains("[0, 1] of query 'wheel' must be from 0 to 0", described);
        Assert.Contains("Correct Table, or the annotations", described);
    }

    [TestMethod]
    public void TheControlIsWhatIsStatedElseWhatTheDataSaysElseHalfARoundOn()
    {
        string[] queries = ["wheel", "door", "roof"];

        CollectionAssert.AreEqual(
            (int[])[-1, 0, -1],
            QuerySwaps.Of(queries, new Dictionary<string, string> { ["door"] = "wheel", ["roof"] = "mirror" }, Car)
        );
        CollectionAssert.AreEqual((int[])[1, 2, -1], QuerySwaps.Of(queries, null, Car));
        CollectionAssert.AreEqual((int[])[1, 2, 0], QuerySwaps.Of(queries, null, new KeyPointDescription()));
        CollectionAssert.AreEqual((int[])[2, 3, 0, 1], QuerySwaps.Of(["a", "b", "c", "d"], null, new KeyPointDescription()));
        CollectionAssert.AreEqual((int[])[-1], QuerySwaps.Of(["a"], null, new KeyPointDescription()), "one query has no other");
        CollectionAssert.AreEqual((int[])[-1, -1, -1], QuerySwaps.Of(queries, new Dictionary<string, string>(), Car), "none are asked for");
    }

    private static QueryKeyPoints Of(Dictionary<string, IReadOnlyList<int>>? stated, params string[] queries) =>
        new(queries, stated, Car, 5, "Step", "Table");

    private static void AssertIndices(int[][] expected, QueryKeyPoints actual)
    {
        Assert.HasCount(expected.Length, actual.Indices);
        for (int query = 0; query < expected.Length; query++)
        {
            CollectionAssert.AreEqual(expected[query], actual.Indices[query], $"query {query}");
        }
    }
}
