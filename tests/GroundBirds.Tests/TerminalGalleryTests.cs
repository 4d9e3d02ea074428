using Microsoft.ML.Data;
using MLNetGrounding;
using MLNetGrounding.Testing;
using Spectre.Console;

namespace GroundBirds;

[TestClass]
public sealed class TerminalGalleryTests
{
    private const int Grid = 4;

    [TestMethod]
    public void EachPictureShowsItsOwnMapAlone()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "bird.png");
        using var image = MLImage.CreateFromPixels(
            60,
            40,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat((byte[])[90, 120, 150, 255], 60 * 40).SelectMany(each => each)]
        );
        GroundingFigures.Save(image, path);
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 60, 40, 56, 4);
        float[] numbers = new float[ImageGeometry.Length];
        geometry.CopyTo(numbers);
        float[] first = OneHot(5);
        float[] second = OneHot(10);
        var gallery = new TerminalGallery(["beak", "tail"], 0.3, images: 1, new ImageLoadingOptions());
        gallery.Add(
            new GroundedRow
            {
                ImagePath = path,
                Geometry = numbers,
                GroundingMaps = [.. first, .. second],
                Hit = [1, 0],
                Mpir = [4, 0],
            }
        );

        // So narrow that the pictures stand one under the other.
        string shown = Printed(gallery.Print);

        string[] expected = [.. new[] { first, second }.SelectMany(map => Lines(image, geometry, map))];
        string[] pictures =
        [
            .. shown.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Contains('\u2580', StringComparison.Ordinal)),
        ];
        Assert.Contains("beak hit 4.0", shown);
        Assert.Contains("tail miss", shown);
        CollectionAssert.AreEqual(expected, pictures);
    }

    private static string[] Lines(MLImage image, in ImageGeometry geometry, float[] map)
    {
        using var overlay = new GroundingOverlay(image, geometry, new GroundingOverlayOptions { LongEdge = 36 });
        using MLImage picture = overlay.DrawMap(map).DrawRegion(map, 0.3).ToImage();
        return Printed(console => console.Write(new TerminalPicture(picture))).TrimEnd('\n').Split('\n');
    }

    private static string Printed(Action<IAnsiConsole> print)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.TrueColor,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = 40;
        console.Profile.Capabilities.Unicode = true;
        print(console);
        return writer.ToString();
    }

    private static float[] OneHot(int cell)
    {
        float[] map = new float[Grid * Grid];
        map[cell] = 1;
        return map;
    }
}
