using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>The colors of a <see cref="ColorMap"/>, which are Matplotlib's, interpolated between ten of them at equal distances.</summary>
internal static class ColorTable
{
    private static readonly uint[] Plasma =
    [
        0x0D0887,
        0x46039F,
        0x7201A8,
        0x9C179E,
        0xBD3786,
        0xD8576B,
        0xED7953,
        0xFB9F3A,
        0xFDCA26,
        0xF0F921,
    ];
    private static readonly uint[] Magma =
    [
        0x000004,
        0x180F3D,
        0x440F76,
        0x721F81,
        0x9E2F7F,
        0xCD4071,
        0xF1605D,
        0xFD9668,
        0xFECA8D,
        0xFCFDBF,
    ];
    private static readonly uint[] Viridis =
    [
        0x440154,
        0x482878,
        0x3E4A89,
        0x31688E,
        0x26828E,
        0x1F9E89,
        0x35B779,
        0x6ECE58,
        0xB5DE2B,
        0xFDE725,
    ];

    /// <summary>The opaque color of a value, which is clamped to 0 to 1.</summary>
    public static SKColor ColorOf(ColorMap map, double value)
    {
        uint[] anchors = map switch
        {
            ColorMap.Plasma => Plasma,
            ColorMap.Magma => Magma,
            ColorMap.Viridis => Viridis,
            _ => throw new ArgumentOutOfRangeException(nameof(map), map, "Not a color map."),
        };
        double position = Math.Clamp(value, 0, 1) * (anchors.Length - 1);
        int index = Math.Min((int)position, anchors.Length - 2);
        uint from = anchors[index];
        uint to = anchors[index + 1];
        return new SKColor(Mix(16), Mix(8), Mix(0));

        byte Mix(int shift)
        {
            double start = (from >> shift) & 0xFF;
            double end = (to >> shift) & 0xFF;
            return (byte)Math.Round(start + ((end - start) * (position - index)));
        }
    }
}
