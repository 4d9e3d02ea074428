using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

[TestClass]
public sealed class RegionMeterTests
{
    [TestMethod]
    public void PointOfARingLiesOnTheRing()
    {
        // The centroid of a ring is in its hole, where a naive key point would lie.
        const int size = 21;
        byte[] map = new byte[size * size];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                int square = ((x - 10) * (x - 10)) + ((y - 10) * (y - 10));
                map[(y * size) + x] = square is >= 36 and <= 100 ? (byte)1 : (byte)0;
            }
        }

        var meter = new RegionMeter(3);
        meter.Measure(map, size, size);
        (int pointX, int pointY) = meter.Points[0];
        Assert.AreEqual(1, map[(pointY * size) + pointX]);
        Assert.AreEqual(new SampleBox(0, 0, 21, 21), meter.Box);
        Assert.AreEqual(map.Count(label => label == 1), meter.Counts[0]);
    }

    [TestMethod]
    public void SmallerMapAfterALargerOneIsMeasuredAfresh()
    {
        var meter = new RegionMeter(3);
        meter.Measure(Enumerable.Repeat((byte)3, 100).ToArray(), 10, 10);
        meter.Measure([0, 0, 2, 2], 2, 2);
        Assert.AreEqual(0, meter.Counts[2]);
        Assert.AreEqual(2, meter.Counts[1]);
        Assert.AreEqual(new SampleBox(0, 1, 2, 1), meter.Box);
    }

    [TestMethod]
    [DataRow(12, 36, true)]
    [DataRow(12, 37, false)]
    [DataRow(11, 11, false)]
    [DataRow(0, 0, false)]
    public void VisibilityNeedsPixelsAndAThird(int visible, int full, bool expected) =>
        Assert.AreEqual(expected, VisibilityRule.IsVisible(visible, full));
}
