using System.Text.RegularExpressions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Packages;

/// <summary>What the README promises a new user, done with the packages alone and photos that show no birds.</summary>
public sealed partial class PackageTests
{
    [TestMethod]
    public void ANewUsersPhotosAreLookedAtClassifiedSavedLoadedAndServed()
    {
        using TemporaryFolder folder = new();
        Consumer consumer = new(
            folder,
            Feed,
            $"MLNetGrounding@{Version}",
            $"MLNetGrounding.Samples@{Version}",
            $"MLNetGrounding.Extensions@{Version}",
            $"TorchSharp-cpu@{TorchSharpVersion}"
        );
        consumer.AddFramework("Microsoft.AspNetCore.App");
        consumer.TakeFolder(Path.Combine(Root, "tests", "MLNetGrounding.Packages.Tests", "Consumers", "NewUser"));
        consumer.Build();
        using StringWriter notes = new();

        Assert.AreEqual("", Run("draw", "photos"));

        string looked = Run("look", "photos");
        foreach (string word in new[] { "wheel", "door" })
        {
            MatchCollection boxes = Regex.Matches(
                looked,
                $@"^0\d\.png: {word} at PixelBox {{ X = (\d+), Y = (\d+), Width = (\d+), Height = (\d+) }}\r?$",
                RegexOptions.Multiline
            );
            Assert.HasCount(4, boxes, looked);
            foreach (Match box in boxes)
            {
                int Value(int group) => int.Parse(box.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
                Assert.IsTrue(Value(1) + Value(3) <= 320 && Value(2) + Value(4) <= 240 && Value(3) > 0 && Value(4) > 0, box.Value);
            }
        }

        string trained = Run("train", "photos", "cars.zip");
        Match accuracy = Regex.Match(trained, @"^accuracy (\d\.\d\d) in 4 folds\r?$", RegexOptions.Multiline);
        Assert.IsTrue(accuracy.Success, trained);
        Assert.IsGreaterThan(
            0.8,
            double.Parse(accuracy.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            "of two classes, clearly apart"
        );
        Assert.Contains("6 overlays", trained);
        Assert.HasCount(6, Directory.GetFiles(Path.Combine(folder.Path, "overlays"), "*.png"));

        string[] photos = ["photos/sedan/03.png", "photos/van/05.png"];
        string predicted = Run(["predict", "cars.zip", .. photos]);
        Assert.Contains("photos/sedan/03.png: sedan, wheel at PixelBox", predicted);
        Assert.Contains("photos/van/05.png: van, wheel at PixelBox", predicted);

        string[] lines = [.. Run(["serve", "cars.zip", .. photos]).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.HasCount(2, lines);
        foreach ((string line, string kind) in lines.Zip(["sedan", "van"]))
        {
            StringAssert.Matches(
                line,
                new Regex(
                    $$"""^POST photos/{{kind}}/0\d\.png: 200 {"predictedLabel":"{{kind}}","boxes":{"wheel":{"x":\d+,"y":\d+,"width":\d+,"height":\d+},"door":{"x":\d+"""
                )
            );
        }

        if (Environment.GetEnvironmentVariable("GROUNDING_TRANSCRIPT") is { Length: > 0 } transcript)
        {
            File.WriteAllText(transcript, notes.ToString());
        }

        string Run(params string[] arguments)
        {
            (int exitCode, string output) = consumer.Run(arguments);
            notes.WriteLine($"$ dotnet run -c Release -- {string.Join(' ', arguments)}\n{output}");
            Assert.AreEqual(0, exitCode, output);
            return output;
        }
    }
}
