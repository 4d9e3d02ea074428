using MLNetGrounding.Samples.Seeds;
using SkiaSharp;

namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// Gives the colors their words and their pixels.
/// </summary>
internal static class PartPalette
{
    public const int Count = 8;

    private static readonly string[] Words = ["red", "orange", "yellow", "green", "blue", "purple", "black", "white"];

    private static readonly SKColor[] Nominal =
    [
        new(212, 34, 40),
        new(246, 138, 28),
        new(250, 220, 60),
        new(44, 152, 62),
        new(42, 96, 212),
        new(136, 58, 176),
        new(32, 32, 36),
        new(244, 244, 240),
    ];

    /// <summary>Gets the words in the order of <see cref="PartColor"/>.</summary>
    public static IReadOnlyList<string> Names => Words;

    public static string NameOf(PartColor color) => Words[(int)color];

    public static SKColor NominalOf(PartColor color) => Nominal[(int)color];

    public static PartColor Sample(SampleRandom random) => (PartColor)random.NextInt(Count);

    /// <summary>Varies hue and value a little, as two birds of one species do.</summary>
    public static SKColor Vary(PartColor color, SampleRandom random)
    {
        SKColor nominal = NominalOf(color);
        float value = random.Range(0.93f, 1.05f);
        return new SKColor(
            VaryChannel(nominal.Red, value, random),
            VaryChannel(nominal.Green, value, random),
            VaryChannel(nominal.Blue, value, random)
        );
    }

    /// <summary>Outlines tell apart neighbors of equal color, so they contrast with every fill.</summary>
    public static SKColor OutlineOf(SKColor fill) =>
        fill.Red + fill.Green + fill.Blue < 200
            ? new SKColor(112, 112, 120)
            : new SKColor((byte)(fill.Red * 2 / 5), (byte)(fill.Green * 2 / 5), (byte)(fill.Blue * 2 / 5));

    public static PartColor Nearest(int red, int green, int blue)
    {
        PartColor nearest = PartColor.Red;
        int best = int.MaxValue;
        for (int index = 0; index < Count; index++)
        {
            SKColor candidate = Nominal[index];
            int distance =
                ((candidate.Red - red) * (candidate.Red - red))
                + ((candidate.Green - green) * (candidate.Green - green))
                + ((candidate.Blue - blue) * (candidate.Blue - blue));
            if (distance < best)
            {
                best = distance;
                nearest = (PartColor)index;
            }
        }

        return nearest;
    }

    private static byte VaryChannel(byte channel, float value, SampleRandom random) =>
        (byte)Math.Clamp((int)(channel * value) + random.NextInt(17) - 8, 0, 255);
}
