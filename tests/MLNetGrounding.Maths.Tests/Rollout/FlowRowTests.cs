namespace MLNetGrounding.Maths.Rollout;

[TestClass]
public sealed class FlowRowTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void ARowIsWhatJoiningSoftmaxesOneByOneGives(bool mean)
    {
        Random random = new(2);
        for (int seen = 1; seen <= 60; seen++)
        {
            int heads = 1 + (seen % 5);
            int stride = seen + (seen % 3);
            float[] scores = [.. Enumerable.Range(0, heads * stride).Select(_ => (float)(12 * random.NextDouble()))];
            double[] expected = Plain(scores, heads, stride, seen, mean);
            float[] joined = new float[seen];
            Array.Fill(joined, 5);
            FlowRow.Join(scores, heads, stride, mean, joined);
            for (int key = 0; key < seen; key++)
            {
                Assert.AreEqual(expected[key], joined[key], 1e-6 * expected[key], $"{heads} heads, {seen} keys, key {key}");
            }
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void OneScoreThatIsNotFiniteMakesTheRowNaN(int head)
    {
        // Whichever head it is in, a later finite one must not hide it.
        float[] scores = new float[3 * 20];
        scores[(head * 20) + 7] = float.NaN;
        float[] joined = new float[20];
        FlowRow.Join(scores, 3, 20, mean: false, joined);
        Assert.IsTrue(Array.TrueForAll(joined, float.IsNaN));
    }

    private static double[] Plain(float[] scores, int heads, int stride, int seen, bool mean)
    {
        double[][] attention =
        [
            .. Enumerable
                .Range(0, heads)
                .Select(head =>
                {
                    double[] exponentials = [.. scores.Skip(head * stride).Take(seen).Select(score => Math.Exp(score))];
                    return exponentials.Select(value => value / exponentials.Sum()).ToArray();
                }),
        ];
        return [.. Enumerable.Range(0, seen).Select(key => mean ? attention.Average(row => row[key]) : attention.Max(row => row[key]))];
    }
}
