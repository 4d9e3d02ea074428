using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;

namespace GroundBirds;

[TestClass]
public sealed class TerminalPictureTests
{
    [TestMethod]
    public void ACharacterShowsTwoPixelsOneAboveTheOther()
    {
        // Red over blue, green over white, and a last row of one line.
        byte[] pixels = [0, 0, 255, 255, 0, 255, 0, 255, 255, 0, 0, 255, 255, 255, 255, 255, 10, 20, 30, 255, 40, 50, 60, 255];
        using var image = MLImage.CreateFromPixels(2, 3, MLPixelFormat.Bgra32, pixels);
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.TrueColor,
                Out = new AnsiConsoleOutput(writer),
            }
        );

        console.Write(new TerminalPicture(image));

        string[] lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.HasCount(2, lines);
        Assert.Contains("38;2;255;0;0;48;2;0;0;255m\u2580", lines[0]);
        Assert.Contains("38;2;0;255;0;48;2;255;255;255m\u2580", lines[0]);
        Assert.Contains("38;2;30;20;10m\u2580", lines[1]);
    }

    [TestMethod]
    public void APlainMapIsDenserForLargerValues()
    {
        string text = TerminalMap.Of([0, 0.5f, 1, 0.25f], new MapGrid(2, 2));

        Assert.AreEqual("  ++\n@@::", text);
    }
}
