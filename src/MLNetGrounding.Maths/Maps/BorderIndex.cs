namespace MLNetGrounding.Maths.Maps;

/// <summary>Which cell stands for a place beyond the border, along one axis.</summary>
internal static class BorderIndex
{
    /// <summary>Stands for a place that counts as 0.</summary>
    public const int Nothing = -1;

    /// <param name="place">The place, which may lie any distance before or after the cells.</param>
    /// <param name="length">Number of cells.</param>
    /// <param name="border">What the cells go on as.</param>
    public static int Of(int place, int length, MapBorder border) =>
        (uint)place < (uint)length
            ? place
            : border switch
            {
                MapBorder.Mirrored => Folded(place, 2 * length, length),
                MapBorder.Replicate => Math.Clamp(place, 0, length - 1),
                _ => Nothing,
            };

    /// <summary>Mirrored at the edge cell, which is not repeated: d c b | a b c d | c b a. A single cell stands for every place.</summary>
    public static int WithoutEdge(int place, int length)
    {
        if (length == 1)
        {
            return 0;
        }
        int period = 2 * (length - 1);
        int folded = Modulo(place, period);
        return Math.Min(folded, period - folded);
    }

    /// <summary>On grids smaller than a filter the mirror images are mirrored again.</summary>
    private static int Folded(int place, int period, int length)
    {
        int folded = Modulo(place, period);
        return folded < length ? folded : period - 1 - folded;
    }

    private static int Modulo(int place, int period) => ((place % period) + period) % period;
}
