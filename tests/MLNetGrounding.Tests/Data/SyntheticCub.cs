using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Data;

/// <summary>
/// A small folder in CUB's layout, with what real data may hold: gaps in the ids, a gray image, a box past the image's edge.
/// </summary>
internal sealed class SyntheticCub : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SyntheticCub()
    {
        Write("classes.txt", "1 001.Red_Bird\n2 002.Blue_Bird\n");
        Write("images.txt", "3 001.Red_Bird/a.jpg\n7 001.Red_Bird/grey.jpg\n20 002.Blue_Bird/c.jpg\n");
        Write("image_class_labels.txt", "3 1\n7 1\n20 2\n");
        Write("train_test_split.txt", "3 1\n7 0\n20 1\n");
        Write("bounding_boxes.txt", "3 1.0 2.0 10.0 12.0\n7 10.0 10.0 500.0 40.0\n20 0.0 0.0 5.0 5.0\n");
        Write("parts/part_locs.txt", "3 1 4.0 5.5 1\n3 15 0.0 0.0 0\n20 2 8.0 9.0 1\n");
        Draw("001.Red_Bird/a.jpg", 32, 24, SKColorType.Rgba8888);
        Draw("001.Red_Bird/grey.jpg", 30, 40, SKColorType.Gray8);
        Draw("002.Blue_Bird/c.jpg", 20, 20, SKColorType.Rgba8888);
    }

    public string Path => _folder.Path;

    public void Write(string relativePath, string text) => _folder.Write(relativePath, text);

    public string ImagePath(string relativePath) => System.IO.Path.Combine(Path, "images", relativePath);

    public IDataView Load(MLContext ml, CubLoaderOptions? options = null) => ml.Data.LoadCub(Path, options ?? new CubLoaderOptions());

    public static int[] Ids(IDataView data) => [.. data.GetColumn<int>("ImageId")];

    public void Dispose() => _folder.Dispose();

    private void Draw(string relativePath, int width, int height, SKColorType type)
    {
        string path = ImagePath(relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, type, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(200, 100, 50));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        File.WriteAllBytes(path, data.ToArray());
    }
}
