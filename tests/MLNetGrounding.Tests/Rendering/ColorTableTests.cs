using SkiaSharp;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class ColorTableTests
{
    private const int Steps = 32;

    [TestMethod]
    [DataRow(ColorMap.Plasma)]
    [DataRow(ColorMap.Magma)]
    [DataRow(ColorMap.Viridis)]
    public void EqualStepsOfTheValueLookEquallyLarge(ColorMap map)
    {
        (double L, double A, double B)[] colors =
        [
            .. Enumerable.Range(0, Steps + 1).Select(index => Lab(ColorTable.ColorOf(map, (double)index / Steps))),
        ];
        double[] lighter = [.. colors.Zip(colors.Skip(1), (from, to) => to.L - from.L)];

        // Lightness in CIE L*a*b*, which orders values also for readers who do not tell colors apart.
        double mean = lighter.Average();
        Assert.IsGreaterThan(1.5, mean);
        foreach (double step in lighter)
        {
            Assert.IsInRange(0.3 * mean, 1.7 * mean, step);
        }
    }

    [TestMethod]
    public void ValuesOutsideAreClamped()
    {
        Assert.AreEqual(ColorTable.ColorOf(ColorMap.Plasma, 0), ColorTable.ColorOf(ColorMap.Plasma, -1));
        Assert.AreEqual(ColorTable.ColorOf(ColorMap.Plasma, 1), ColorTable.ColorOf(ColorMap.Plasma, 7));
    }

    /// <summary>CIE L*a*b* of an sRGB color, white point D65 (IEC 61966-2-1, CIE 15).</summary>
    private static (double L, double A, double B) Lab(SKColor color)
    {
        (double red, double green, double blue) = (Linear(color.Red), Linear(color.Green), Linear(color.Blue));
        double x = F(((0.4124 * red) + (0.3576 * green) + (0.1805 * blue)) / 0.9505);
        double y = F((0.2126 * red) + (0.7152 * green) + (0.0722 * blue));
        double z = F(((0.0193 * red) + (0.1192 * green) + (0.9505 * blue)) / 1.089);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));

        static double Linear(byte value) =>
            value / 255.0 is var share && share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;
    }
}
