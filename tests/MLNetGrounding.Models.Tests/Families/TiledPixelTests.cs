using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Tiles;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families;

/// <summary>Whether the pixels of an image lie in the tiles where the geometry says.</summary>
[TestClass]
public sealed class TiledPixelTests
{
    private const int Block = 24;

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    [DataRow(ImageFit.Native)]
    public void TilesShowAnImageEdgeToEdge(ImageFit fit)
    {
        using TemporaryFolder folder = new();
        Check(TiledFolders.Images(TiledFolders.WriteInternVl(folder)), fit, side: 84, wholeFirst: false);
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Native)]
    public void TilesOfTwoResizesDoToo(ImageFit fit)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteTokenizer(folder, hasMarks: true);
        Check(
            TiledFolders.Images(TiledFolders.WriteSmolVlm(folder, images: "\"size\":{\"longest_edge\":128}")),
            fit,
            side: 32,
            wholeFirst: false
        );
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    [DataRow(ImageFit.Stretch)]
    [DataRow(ImageFit.Native)]
    public void TilesWithPaddingShowItWhereItIsLeft(ImageFit fit)
    {
        using TemporaryFolder folder = new();
        Check(TiledFolders.Images(TiledFolders.WriteLlavaNext(folder)), fit, side: 56, wholeFirst: true);
    }

    /// <summary>A white block on black: the cells that it covers are white in the tiles, others black.</summary>
    private static void Check(IImagePreprocessor images, ImageFit fit, int side, bool wholeFirst)
    {
        Random random = new(7);
        int compared = 0;
        for (int repetition = 0; repetition < 40; repetition++)
        {
            (int width, int height) = (random.Next(80, 300), random.Next(80, 300));
            (int x, int y) = (random.Next(width - Block), random.Next(height - Block));
            byte[] pixels = new byte[3 * width * height];
            for (int row = y; row < y + Block; row++)
            {
                pixels.AsSpan(3 * ((row * width) + x), 3 * Block).Fill(255);
            }

            ImageRequest request = new(fit, null, Tiles: fit == ImageFit.Native ? null : (2, 2));
            PreparedImage image = images.Prepare(new RgbImage(width, height, pixels), request, CancellationToken.None);
            ImageGeometry geometry = image.Geometry;
            Assert.AreEqual(images.Place(width, height, request), geometry);
            int views = (int)image.Shape[0];
            Assert.HasCount(views * 3 * side * side, image.Values);
            float black = image.Values.Min();
            float white = image.Values.Max();

            // Tiles and cells of what was cut; native images may have rows of padding left out, which the geometry knows.
            (double centerX, double centerY) = geometry.ToInput(x + (Block / 2.0), y + (Block / 2.0));
            if (centerX < 4 || centerY < 4 || centerX > geometry.InputWidth - 4 || centerY > geometry.InputHeight - 4)
            {
                continue;
            }

            (int columns, int rows) = Tiles(image, side, geometry, wholeFirst);
            double cutX = ((columns * side) - geometry.InputWidth) / 2.0;
            double cutY = ((rows * side) - geometry.InputHeight) / 2.0;
            (int pixelX, int pixelY) = ((int)(centerX + cutX), (int)(centerY + cutY));
            int tile = (pixelY / side * columns) + (pixelX / side) + (wholeFirst ? 1 : 0);
            float found = image.Values[(((tile * 3) + 1) * side + (pixelY % side)) * side + (pixelX % side)];
            Assert.AreEqual(white, found, (white - black) * 0.3, $"{width} x {height}, block at {x}, {y}");
            compared++;
        }

        Assert.IsGreaterThan(20, compared);
    }

    private static (int Columns, int Rows) Tiles(PreparedImage image, int side, ImageGeometry geometry, bool wholeFirst)
    {
        (int columns, int rows) = image is AnyresImage { Arrangement: var arrangement }
            ? (arrangement.Columns, arrangement.Rows)
            : (geometry.InputWidth / side, geometry.InputHeight / side);
        int tiles = (int)image.Shape[0] - (wholeFirst || image.Shape[0] > 1 ? 1 : 0);
        Assert.AreEqual(tiles, columns * rows);
        return (columns, rows);
    }
}
