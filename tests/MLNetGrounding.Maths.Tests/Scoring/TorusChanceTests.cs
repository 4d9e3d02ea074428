using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

[TestClass]
public sealed class TorusChanceTests
{
    private const int Draws = 200_000;

    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.25)]
    [DataRow(0.9)]
    public void OnePointIsHitAsOftenAsTheRectangleIsLarge(double share)
    {
        PixelRectangle frame = new(10, 20, 110, 80);
        double side = Math.Sqrt(share);
        foreach ((double x, double y) in ((double, double)[])[(10, 20), (109.9, 79.9), (60, 21)])
        {
            double rate = Rate(frame, side * frame.Width, side * frame.Height, onePoint: false, (x, y));
            Assert.AreEqual(share, rate, 5 * Math.Sqrt(share * (1 - share) / Draws));
        }
    }

    [TestMethod]
    public void AnyOfSeveralPointsIsHitAsOftenAsTheUnionOfTheirShiftsIsLarge()
    {
        PixelRectangle frame = new(0, 0, 100, 50);
        (double X, double Y)[] points = [(3, 4), (9, 6), (97, 47)];
        const double Width = 10;
        const double Height = 5;
        // On a fine lattice of shifts, point by point: apart from the sampling of the shifts, the definition.
        int hits = 0;
        const int Steps = 1000;
        for (int step = 0; step < Steps * Steps; step++)
        {
            (double left, double top) = ((step / Steps + 0.5) * frame.Width / Steps, (step % Steps + 0.5) * frame.Height / Steps);
            hits += points.Any(point => (point.X - left + 100) % 100 < Width && (point.Y - top + 50) % 50 < Height) ? 1 : 0;
        }
        double expected = (double)hits / Steps / Steps;
        Assert.IsGreaterThan(0.02, expected);
        Assert.IsLessThan(0.03, expected);
        Assert.AreEqual(expected, Rate(frame, Width, Height, onePoint: false, points), 5 * Math.Sqrt(expected / Draws));
        Assert.AreEqual(0.01, Rate(frame, Width, Height, onePoint: true, points), 5 * Math.Sqrt(0.01 / Draws));
    }

    [TestMethod]
    public void PointsOutsideThePlaceAreNeverHit() =>
        Assert.AreEqual(0, Rate(new PixelRectangle(0, 0, 10, 10), 10, 10, onePoint: false, (10, 5), (-1, 5), (5, 12)));

    private static double Rate(PixelRectangle place, double width, double height, bool onePoint, params (double X, double Y)[] points)
    {
        SplitMix64 random = new(7);
        VisibleKeyPoint[] visible = [.. points.Select(point => new VisibleKeyPoint(point.X, point.Y, 0))];
        return TorusChance.HitRate(place, width, height, visible, onePoint, Draws, ref random);
    }
}
