using MLNetGrounding.Maths;
namespace MLNetGrounding.Llava;
/// <summary>x</summary>
public sealed class RgbImage { }
internal sealed class PreprocessorConfiguration { public static void Write(string d, int s) { } public static PreprocessorConfiguration Read(string directory, int imageSize) => new(); }
internal sealed class ImageProcessor { public static ImageProcessor Create(PreprocessorConfiguration c) => new(); public static float[] Process0() => []; public float[] Process(RgbImage i, ImageFit f, out ImageGeometry g) { _ = GetHashCode(); g = default; return []; } }
