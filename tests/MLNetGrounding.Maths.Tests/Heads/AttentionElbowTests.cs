namespace MLNetGrounding.Maths.Heads;

[TestClass]
public sealed class AttentionElbowTests
{
    [TestMethod]
    public void ItIsTheCornerOfTwoLines()
    {
        // Rises by 1 up to 10, then by 20.
        double[] values = [.. Enumerable.Range(0, 11).Select(index => (double)index), 30, 50, 70];
        Assert.AreEqual(10, AttentionElbow.Of(values));
        Array.Reverse(values);
        Assert.AreEqual(10, AttentionElbow.Of(values), "The order does not matter.");
    }

    [TestMethod]
    public void ValuesOnALineHaveTheirSmallestAsElbow()
    {
        Assert.AreEqual(3, AttentionElbow.Of([3]));
        Assert.AreEqual(1, AttentionElbow.Of([2, 1]));
        Assert.AreEqual(4, AttentionElbow.Of([4, 4, 4, 4]));
        Assert.AreEqual(1, AttentionElbow.Of([4, 2, 3, 1]));
    }

    [TestMethod]
    public void ValuesOnALineHaveTheirSmallestAsElbowWhateverTheScale()
    {
        var random = new Random(6);
        for (int repetition = 0; repetition < 2_000; repetition++)
        {
            (double start, double step) = (random.NextDouble(), random.NextDouble() * Math.Pow(10, random.Next(-3, 3)));
            double[] values = [.. Enumerable.Range(0, random.Next(2, 200)).Select(index => start + index * step)];
            Assert.AreEqual(start, AttentionElbow.Of(values), $"{values.Length} values from {start} by {step}");
        }
    }

    [TestMethod]
    public void OfEquallyFarValuesTheFirstIsTheElbowWhateverTheScale()
    {
        var random = new Random(7);
        for (int repetition = 0; repetition < 2_000; repetition++)
        {
            (double start, double step) = (random.NextDouble(), random.NextDouble() * Math.Pow(10, random.Next(-3, 3)));
            // Below the chord at 1, as far above it at 4.
            double[] values = [.. new[] { 0, 0.5, 2, 3, 4.5, 5 }.Select(place => start + place * step)];
            Assert.AreEqual(values[1], AttentionElbow.Of(values), $"from {start} by {step}");
        }
    }

    [TestMethod]
    public void ItIsFarthestFromTheChordWhateverTheScale()
    {
        var random = new Random(3);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            double[] values = [.. Enumerable.Range(0, 40).Select(_ => Math.Pow(random.NextDouble(), 4))];
            double elbow = AttentionElbow.Of(values);
            Assert.AreEqual(FarthestFromChord(values), elbow);
            Assert.AreEqual(1024 * elbow, AttentionElbow.Of([.. values.Select(value => 1024 * value)]));
        }
    }

    [TestMethod]
    public void NumbersThatAreNoneAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => AttentionElbow.Of([]));
        Assert.ThrowsExactly<ArgumentException>(() => AttentionElbow.Of([1, double.NaN, 2]));
        Assert.ThrowsExactly<ArgumentException>(() => AttentionElbow.Of([1, double.PositiveInfinity]));
    }

    /// <summary>The slow twin: the distance of each point from its foot on the chord.</summary>
    private static double FarthestFromChord(double[] values)
    {
        double[] sorted = [.. values.Order()];
        (double width, double height) = (sorted.Length - 1.0, sorted[^1] - sorted[0]);
        double length = Math.Sqrt(width * width + height * height);
        return sorted
            .Select(
                (value, index) =>
                {
                    (int x, double y) = (index, value - sorted[0]);
                    double along = (x * width + y * height) / length;
                    (double footX, double footY) = (along * width / length, along * height / length);
                    return (Value: value, Distance: Math.Sqrt((x - footX) * (x - footX) + (y - footY) * (y - footY)));
                }
            )
            .MaxBy(point => point.Distance)
            .Value;
    }
}
