using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace MLNetGrounding.Data.Images;

/// <summary>A pixel of floating-point numbers as a file holds them; ImageSharp's own are cut off below 0 and above 1.</summary>
internal struct UnclampedPixel : IPixel<UnclampedPixel>
{
    public Vector4 Values;

    public readonly PixelOperations<UnclampedPixel> CreatePixelOperations() => new();

    public void FromVector4(Vector4 vector) => Values = vector;

    public readonly Vector4 ToVector4() => Values;

    public void FromScaledVector4(Vector4 vector) => Values = vector;

    public readonly Vector4 ToScaledVector4() => Values;

    public void FromArgb32(Argb32 source) => Values = source.ToScaledVector4();

    public void FromAbgr32(Abgr32 source) => Values = source.ToScaledVector4();

    public void FromBgra5551(Bgra5551 source) => Values = source.ToScaledVector4();

    public void FromBgr24(Bgr24 source) => Values = source.ToScaledVector4();

    public void FromBgra32(Bgra32 source) => Values = source.ToScaledVector4();

    public void FromL8(L8 source) => Values = source.ToScaledVector4();

    public void FromL16(L16 source) => Values = source.ToScaledVector4();

    public void FromLa16(La16 source) => Values = source.ToScaledVector4();

    public void FromLa32(La32 source) => Values = source.ToScaledVector4();

    public void FromRgb24(Rgb24 source) => Values = source.ToScaledVector4();

    public void FromRgba32(Rgba32 source) => Values = source.ToScaledVector4();

    public void FromRgb48(Rgb48 source) => Values = source.ToScaledVector4();

    public void FromRgba64(Rgba64 source) => Values = source.ToScaledVector4();

    public readonly void ToRgba32(ref Rgba32 destination) => destination.FromScaledVector4(Values);

    public readonly bool Equals(UnclampedPixel other) => Values.Equals(other.Values);

    public override readonly bool Equals(object? obj) => obj is UnclampedPixel other && Equals(other);

    public override readonly int GetHashCode() => Values.GetHashCode();
}
