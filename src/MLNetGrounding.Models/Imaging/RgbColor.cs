namespace MLNetGrounding.Models.Imaging;

/// <summary>A color in gray levels of 0 to 255.</summary>
internal readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>CLIP's mean color in whole levels.</summary>
    public static RgbColor ClipMean => new(122, 116, 104);

    /// <summary>A checkpoint's mean color, shares of 0 to 1, in whole levels: cut off, as the processors pad.</summary>
    public static RgbColor OfMean(IReadOnlyList<double> mean) => new((byte)(mean[0] * 255), (byte)(mean[1] * 255), (byte)(mean[2] * 255));
}
