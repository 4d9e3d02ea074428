using System.Globalization;
using System.Text.RegularExpressions;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;
using SkiaSharp;

namespace MLNetGrounding.Samples.Dataset;

[TestClass]
public sealed partial class SampleBirdsTests
{
    private const int Count = 50;

    private static string _root = string.Empty;

    [ClassInitialize]
    public static void WriteOnce(TestContext context)
    {
        _ = context;
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        _root = SampleBirds.Write(
            folder,
            new SampleBirdsOptions
            {
                Seeds = SampleSeeds.Table,
                Count = Count,
                TrainFraction = 0.5,
            }
        );
    }

    [ClassCleanup]
    public static void Remove() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void ListsNameEveryImageOnce()
    {
        string[][] images = Rows("images.txt");
        CollectionAssert.AreEqual(Enumerable.Range(1, Count).ToArray(), images.Select(row => Number(row[0])).ToArray());
        string[] files =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(_root, "images"), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Path.Combine(_root, "images"), path).Replace('\\', '/')),
        ];
        CollectionAssert.AreEquivalent(images.Select(row => row[1]).ToArray(), files);
        Assert.IsTrue(files.All(file => file.EndsWith(".png", StringComparison.Ordinal) && !CubName().IsMatch(file)));
    }

    [TestMethod]
    public void FilesHoldWhatWasDrawn()
    {
        using var renderer = new SampleBirdRenderer();
        string[][] images = Rows("images.txt");
        string[][] labels = Rows("image_class_labels.txt");
        string[][] boxes = Rows("bounding_boxes.txt");
        string[][] points = Rows("parts/part_locs.txt");
        Assert.HasCount(Count * BirdAnatomy.KeyPointCount, points);
        for (int image = 0; image < Count; image += 7)
        {
            int classIndex = Number(labels[image][1]) - 1;
            string stem = Path.GetFileNameWithoutExtension(images[image][1]);
            using SKBitmap picture = Decode("images", images[image][1]);
            using SKBitmap mask = Decode("part_masks", images[image][1]);
            SampleBird bird = renderer.Render(
                SampleSeeds.Table[Number(stem["sample_".Length..])],
                new SampleBirdOptions
                {
                    Width = picture.Width,
                    Height = picture.Height,
                    Species = SpeciesTable.All[classIndex],
                }
            );

            Assert.StartsWith($"{classIndex + 1:000}.{SpeciesTable.All[classIndex].Name}/", images[image][1]);
            for (int y = 0; y < bird.Height; y++)
            {
                for (int x = 0; x < bird.Width; x++)
                {
                    int pixel = (y * bird.Width) + x;
                    SKColor color = picture.GetPixel(x, y);
                    Assert.AreEqual(
                        (bird.Rgb[pixel * 3], bird.Rgb[(pixel * 3) + 1], bird.Rgb[(pixel * 3) + 2]),
                        (color.Red, color.Green, color.Blue)
                    );
                    Assert.AreEqual(bird.PartLabels[pixel] * CubLayoutWriter.GrayStep, mask.GetPixel(x, y).Red);
                }
            }

            double[] box = [.. boxes[image].Skip(1).Select(Real)];
            CollectionAssert.AreEqual(
                new double[] { bird.BoundingBox.X, bird.BoundingBox.Y, bird.BoundingBox.Width, bird.BoundingBox.Height },
                box
            );
            for (int index = 0; index < BirdAnatomy.KeyPointCount; index++)
            {
                string[] row = points[(image * BirdAnatomy.KeyPointCount) + index];
                Assert.AreEqual((image + 1, index + 1), (Number(row[0]), Number(row[1])));
                Assert.AreEqual(bird.KeyPoints[index], new SampleKeyPoint((int)Real(row[2]), (int)Real(row[3]), row[4] == "1"));
            }
        }
    }

    [TestMethod]
    public void AttributesTellTheSpeciesColors()
    {
        string[] names = [.. Rows("attributes/attributes.txt").Select(row => row[1])];
        string[][] labels = Rows("image_class_labels.txt");
        string[][] answers = Rows("attributes/image_attribute_labels.txt");
        Assert.HasCount(Count * 312, answers);
        int told = 0;
        foreach (
            string[] answer in answers.Where(answer => names[Number(answer[1]) - 1].StartsWith("has_eye_color::", StringComparison.Ordinal))
        )
        {
            BirdSpecies species = SpeciesTable.All[Number(labels[Number(answer[0]) - 1][1]) - 1];
            bool own = names[Number(answer[1]) - 1] == $"has_eye_color::{PartPalette.NameOf(species.Colors[(int)BirdPart.Eye])}";
            bool visible = answer[3] != "1";
            Assert.AreEqual(own && visible ? "1" : "0", answer[2]);
            told += own && visible ? 1 : 0;
        }

        Assert.IsGreaterThan(Count * 3 / 4, told);
        string[][] classes = Rows("attributes/class_attribute_labels_continuous.txt");
        Assert.HasCount(SpeciesTable.All.Count, classes);
        Assert.IsTrue(classes.All(row => row.Length == 312));
        Assert.AreEqual(100, Real(classes[0][Array.IndexOf(names, "has_wing_color::green")]), 1e-9);
        Assert.AreEqual(0, Real(classes[0][Array.IndexOf(names, "has_wing_color::red")]), 1e-9);
    }

    [TestMethod]
    public void SplitHalvesEveryClass()
    {
        Dictionary<string, string> classOf = Rows("image_class_labels.txt").ToDictionary(row => row[0], row => row[1]);
        foreach (IGrouping<string, string[]> group in Rows("train_test_split.txt").GroupBy(row => classOf[row[0]]))
        {
            Assert.AreEqual(group.Count() / 2, group.Count(row => row[1] == "1"), $"class {group.Key}");
        }
    }

    [TestMethod]
    public void NamesAreThoseOfCub()
    {
        Assert.AreEqual("7 left eye", File.ReadLines(Path.Combine(_root, "parts", "parts.txt")).ElementAt(6));
        Assert.AreEqual("15 throat", File.ReadLines(Path.Combine(_root, "parts", "parts.txt")).Last());
        Assert.AreEqual("4 definitely", File.ReadLines(Path.Combine(_root, "attributes", "certainties.txt")).Last());
        Assert.AreEqual("1 001.Amber_Warbler", File.ReadLines(Path.Combine(_root, "classes.txt")).First());
    }

    [TestMethod]
    public void FolderInUseIsRefused() => Assert.ThrowsExactly<IOException>(() => SampleBirds.Write(_root));

    [TestMethod]
    public void IndependentColorsShareAClass()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            SampleBirds.Write(
                folder,
                new SampleBirdsOptions
                {
                    Count = 3,
                    Coloring = SampleColoring.Independent,
                    MinimumSize = 168,
                    MaximumSize = 168,
                }
            );
            Assert.AreEqual("1 001.Motley_Bird", File.ReadAllText(Path.Combine(folder, "classes.txt")).Trim());
            using var picture = SKBitmap.Decode(Path.Combine(folder, "images", "001.Motley_Bird", "sample_000002.png"));
            Assert.AreEqual((168, 168), (picture.Width, picture.Height));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void ImpossibleOptionsAreRefused()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        SampleBirdsOptions[] impossible =
        [
            new() { Count = 0 },
            new() { Count = SampleSeeds.Demo.Count + 1 },
            new() { MinimumSize = 63 },
            new() { MinimumSize = 200, MaximumSize = 199 },
            new() { TrainFraction = 1.1 },
            new() { Difficulty = -0.1 },
        ];
        foreach (SampleBirdsOptions options in impossible)
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SampleBirds.Write(folder, options));
        }

        Assert.IsFalse(Directory.Exists(folder));
    }

    [GeneratedRegex(@"[A-Z][a-z_A-Z]+_[0-9]{4}_[0-9]+\.jpg")]
    private static partial Regex CubName();

    private static string[][] Rows(string file) => [.. File.ReadLines(Path.Combine(_root, file)).Select(line => line.Split(' '))];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static SKBitmap Decode(string folder, string name) =>
        SKBitmap.Decode(Path.Combine(_root, folder, name)) ?? throw new InvalidOperationException($"'{name}' is not an image.");
}
