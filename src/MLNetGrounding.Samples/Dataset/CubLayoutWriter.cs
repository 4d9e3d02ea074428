using System.Globalization;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// Writes drawn birds in the files and folders of CUB-200-2011.
/// </summary>
internal sealed class CubLayoutWriter : IDisposable
{
    /// <summary>Spreads the parts over the gray levels, so that masks can be looked at.</summary>
    public const int GrayStep = 25;

    private readonly string _root;
    private readonly IReadOnlyList<string> _classNames;
    private readonly List<StreamWriter> _writers = [];
    private readonly StreamWriter _images;
    private readonly StreamWriter _labels;
    private readonly StreamWriter _split;
    private readonly StreamWriter _boxes;
    private readonly StreamWriter _partLocations;
    private readonly StreamWriter _imageAttributes;
    private readonly int[][] _shown;
    private readonly int[][] _present;
    private int _imageId;

    public CubLayoutWriter(string root, IReadOnlyList<string> classNames)
    {
        _root = root;
        _classNames = classNames;
        _shown = [.. classNames.Select(_ => new int[CubAttributes.Names.Count])];
        _present = [.. classNames.Select(_ => new int[CubAttributes.Names.Count])];
        foreach (string folder in (string[])["images", "parts", "attributes", "part_masks"])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        WriteLines("classes.txt", classNames.Select((name, index) => $"{index + 1} {name}"));
        WriteLines("parts/parts.txt", BirdAnatomy.KeyPointNames.Select((name, index) => $"{index + 1} {name}"));
        WriteLines("attributes/attributes.txt", CubAttributes.Names.Select((name, index) => $"{index + 1} {name}"));
        WriteLines("attributes/certainties.txt", ["1 not visible", "2 guessing", "3 probably", "4 definitely"]);
        WriteLines("part_masks/parts.txt", BirdAnatomy.PartNames.Select((name, index) => $"{(index + 1) * GrayStep} {name}"));
        WriteLines("README", Readme);
        _images = Open("images.txt");
        _labels = Open("image_class_labels.txt");
        _split = Open("train_test_split.txt");
        _boxes = Open("bounding_boxes.txt");
        _partLocations = Open("parts/part_locs.txt");
        _imageAttributes = Open("attributes/image_attribute_labels.txt");
    }

    private static string[] Readme =>
        [
            "Sample birds, drawn by MLNetGrounding.Samples. No image is a photograph and none comes from CUB-200-2011.",
            "The files and folders follow CUB-200-2011. In addition, part_masks/ holds for every image a gray image of the",
            "same size: part_masks/parts.txt lists the gray level of each part, and 0 is everything that is not the bird.",
            "A part or key point is visible when at least 12 pixels and a third of its pixels are neither covered nor cut off.",
        ];

    /// <summary>Writes a bird; birds come in the order of their classes, as CUB's do.</summary>
    public void Add(SampleBird bird, int classIndex, string stem, bool isTraining)
    {
        _imageId++;
        string folder = _classNames[classIndex];
        Directory.CreateDirectory(Path.Combine(_root, "images", folder));
        Directory.CreateDirectory(Path.Combine(_root, "part_masks", folder));
        PngFile.WriteRgb(Path.Combine(_root, "images", folder, stem + ".png"), bird.Rgb, bird.Width, bird.Height);
        byte[] mask = Array.ConvertAll(bird.PartLabels, label => (byte)(label * GrayStep));
        PngFile.WriteGray(Path.Combine(_root, "part_masks", folder, stem + ".png"), mask, bird.Width, bird.Height);

        SampleBox box = bird.BoundingBox;
        _images.WriteLine($"{_imageId} {folder}/{stem}.png");
        _labels.WriteLine($"{_imageId} {classIndex + 1}");
        _split.WriteLine($"{_imageId} {(isTraining ? 1 : 0)}");
        _boxes.WriteLine($"{_imageId} {box.X}.0 {box.Y}.0 {box.Width}.0 {box.Height}.0");
        for (int index = 0; index < bird.KeyPoints.Count; index++)
        {
            SampleKeyPoint point = bird.KeyPoints[index];
            _partLocations.WriteLine($"{_imageId} {index + 1} {point.X}.0 {point.Y}.0 {(point.Visible ? 1 : 0)}");
        }

        var attributes = new ImageAttributes(bird);
        for (int index = 0; index < CubAttributes.Names.Count; index++)
        {
            bool present = attributes.Present[index];
            _imageAttributes.WriteLine($"{_imageId} {index + 1} {(present ? 1 : 0)} {attributes.CertaintyOf(index)} 0.0");
            if (attributes.Shows(index))
            {
                _shown[classIndex][index]++;
                _present[classIndex][index] += present ? 1 : 0;
            }
        }
    }

    /// <summary>Writes what is known only after the last bird.</summary>
    public void Complete() =>
        WriteLines(
            "attributes/class_attribute_labels_continuous.txt",
            _shown.Zip(_present, (shown, present) => string.Join(' ', shown.Zip(present, Percentage)))
        );

    public void Dispose()
    {
        foreach (StreamWriter writer in _writers)
        {
            writer.Dispose();
        }
    }

    private static string Percentage(int shown, int present) =>
        shown == 0 ? "0.0" : (100.0 * present / shown).ToString("0.0#########", CultureInfo.InvariantCulture);

    private StreamWriter Open(string name)
    {
        var writer = new StreamWriter(Path.Combine(_root, name)) { NewLine = "\n" };
        _writers.Add(writer);
        return writer;
    }

    private void WriteLines(string name, IEnumerable<string> lines) =>
        File.WriteAllText(Path.Combine(_root, name), string.Concat(lines.Select(line => line + "\n")));
}
