using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Data.Files;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Data.Cub;

/// <summary>Reads the annotation files of a CUB-200-2011 folder. Images are only looked for, never opened.</summary>
internal sealed class CubLoader
{
    private const string ImageFolder = "images";
    private const string MaskFolder = "part_masks";
    private const string SegmentationFolder = "segmentations";
    private const string Unpacked = "CUB_200_2011";
    private const string FollowLinks = $"{nameof(CubLoaderOptions)}.{nameof(CubLoaderOptions.FollowLinks)}";

    private static readonly int KeyPointCount = CubParts.KeyPointNames.Count;

    private readonly IHost _host;
    private readonly string _directory;
    private readonly CubLoaderOptions _options;
    private readonly ContainedFolder _folder;

    /// <summary>Where the folder of whole objects' masks is, or null where there is none.</summary>
    private readonly ContainedFolder? _segmentations;

    private CubLoader(IHost host, string directory, CubLoaderOptions options)
    {
        _host = host;
        _directory = directory;
        _options = options;
        _folder = new ContainedFolder(directory, options.FollowLinks, FollowLinks);
        _segmentations = Above(directory).FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, SegmentationFolder))) is { } above
            ? new ContainedFolder(above, options.FollowLinks, FollowLinks)
            : null;
    }

    private bool HasMasks => File.Exists(Path.Combine(_directory, MaskFolder, "parts.txt"));

    public static IDataView Load(DataOperationsCatalog catalog, string directory, CubLoaderOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Limit is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.Limit,
                $"{nameof(CubLoaderOptions.Limit)} must be at least 1, or null for no limit."
            );
        }

        if (!Enum.IsDefined(options.Split))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Split, $"{nameof(CubLoaderOptions.Split)} is not a split.");
        }

        string fullPath = Path.GetFullPath(directory);
        if (!Directory.Exists(fullPath))
        {
            throw new DirectoryNotFoundException($"The folder '{fullPath}' does not exist. Expected a CUB_200_2011 folder.");
        }

        IHost host = CatalogEnvironment.Of(catalog).Register(nameof(CubLoader));
        return new CubLoader(host, Inside(fullPath), options).Load();
    }

    /// <summary>The data set's own folder: unpackers make a folder of the archive's name, which holds one of that name.</summary>
    private static string Inside(string directory) =>
        ((string[])[directory, Path.Combine(directory, Unpacked), Path.Combine(directory, Unpacked, Unpacked)]).FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "images.txt"))
        ) ?? directory;

    /// <summary>The folders that masks of whole objects, an archive of their own, may be unpacked in.</summary>
    private static IEnumerable<string> Above(string directory)
    {
        yield return directory;
        string? above = Path.GetDirectoryName(directory);
        if (above is not null)
        {
            yield return above;
        }

        if (Path.GetFileName(above) == Unpacked && Path.GetDirectoryName(above) is { } outer)
        {
            yield return outer;
        }
    }

    private ListView<CubRow> Load()
    {
        Dictionary<int, string> classes = ReadClasses();
        HashSet<int>? wantedClasses = ChooseClasses(classes);
        List<(int Id, string Path)> images = ReadImages();
        var listed = images.Select(image => image.Id).ToHashSet();
        Dictionary<int, int> labels = ReadPerImage(
            CubTextFile.Open(_directory, "image_class_labels.txt", "'<image id> <class id>'"),
            2,
            listed,
            line => classes.ContainsKey(line.Id(1)) ? line.Id(1) : throw line.Malformed("classes.txt has no such class.")
        );
        Dictionary<int, bool> training = ReadPerImage(
            CubTextFile.Open(_directory, "train_test_split.txt", "'<image id> <1 for train, 0 for test>'"),
            2,
            listed,
            line => line.Flag(1)
        );
        Dictionary<int, float[]> boxes = ReadPerImage(
            CubTextFile.Open(_directory, "bounding_boxes.txt", "'<image id> <x> <y> <width> <height>'"),
            5,
            listed,
            ReadBox
        );
        (Dictionary<int, float[]> points, Dictionary<int, float[]> visible) = ReadKeyPoints(listed);
        float[][]? attributes = ReadClassAttributes(classes);

        List<(int Id, string Path)> chosen =
        [
            .. images.Where(image =>
                (_options.Split == CubSplit.All || Of(training, image.Id, "train_test_split.txt") == (_options.Split == CubSplit.Train))
                && (wantedClasses is null || wantedClasses.Contains(Of(labels, image.Id, "image_class_labels.txt")))
            ),
        ];
        if (chosen.Count == 0)
        {
            throw new InvalidOperationException(
                $"None of the {images.Count} images of '{_directory}' is of split {_options.Split}{(_options.Classes is null ? "" : " and classes " + string.Join(", ", _options.Classes))}. Widen the filters."
            );
        }

        bool hasMasks = HasMasks;
        float[] noPoints = new float[KeyPointCount * 2];
        float[] noneVisible = new float[KeyPointCount];
        List<CubRow> rows =
        [
            .. ExistingImages
                .Of(_host, chosen, image => image.Path, _options.Limit, _directory, Path.Combine(_directory, ImageFolder))
                .Select(image => new CubRow
                {
                    ImageId = image.Id,
                    ImagePath = image.Path,
                    PartMaskPath = hasMasks ? MaskOf(image.Path) : "",
                    ObjectMaskPath = _segmentations is null ? "" : SegmentationOf(image.Path),
                    ClassId = Of(labels, image.Id, "image_class_labels.txt"),
                    Species = classes[labels[image.Id]],
                    IsTrain = Of(training, image.Id, "train_test_split.txt"),
                    BoundingBox = Of(boxes, image.Id, "bounding_boxes.txt"),
                    KeyPoints = points.GetValueOrDefault(image.Id, noPoints),
                    KeyPointVisible = visible.GetValueOrDefault(image.Id, noneVisible),
                    ClassAttributes = attributes is null ? [] : attributes[labels[image.Id] - 1],
                }),
        ];
        return new ListView<CubRow>(rows, DescribeColumns(attributes?[0].Length));
    }

    /// <summary>The mask of an image, at the same place below its own folder and under the same rule.</summary>
    private string MaskOf(string imagePath) =>
        _folder.Resolve(MaskFolder, Path.GetRelativePath(Path.Combine(_directory, ImageFolder), imagePath), out string path) is { } refusal
            ? throw new InvalidDataException($"The part mask '{path}' cannot be read. {refusal}")
            : path;

    /// <summary>The mask of a whole object, or nothing where the image has none.</summary>
    private string SegmentationOf(string imagePath)
    {
        string name = Path.ChangeExtension(Path.GetRelativePath(Path.Combine(_directory, ImageFolder), imagePath), ".png");
        return _segmentations!.Resolve(SegmentationFolder, name, out string path) is { } refusal
                ? throw new InvalidDataException($"The object mask '{path}' cannot be read. {refusal}")
            : File.Exists(path) ? path
            : "";
    }

    private T Of<T>(Dictionary<int, T> values, int image, string file) =>
        values.TryGetValue(image, out T? value)
            ? value
            : throw new InvalidDataException(
                $"{Path.Combine(_directory, file)}: there is no line for image {image}, which images.txt lists."
            );

    private Dictionary<int, string> ReadClasses()
    {
        var classes = new Dictionary<int, string>();
        foreach (CubTextFile.CubLine line in CubTextFile.Open(_directory, "classes.txt", "'<class id> <class name>'").Lines(2))
        {
            if (!classes.TryAdd(line.Id(0), line.Values[1]))
            {
                throw line.Malformed($"Class {line.Id(0)} occurs twice.");
            }
        }

        return classes;
    }

    private HashSet<int>? ChooseClasses(Dictionary<int, string> classes)
    {
        if (_options.Classes is null)
        {
            return null;
        }

        var ids = new HashSet<int>();
        foreach (string wanted in _options.Classes)
        {
            string text = wanted.Trim().Replace(' ', '_');
            List<int> found = [.. classes.Where(entry => Matches(entry.Key, entry.Value, text)).Select(entry => entry.Key)];
            if (found.Count == 0)
            {
                throw new ArgumentException(
                    $"There is no class '{wanted}' in {Path.Combine(_directory, "classes.txt")}. Give a number such as 17, or a name such as Cardinal or 017.Cardinal."
                );
            }

            ids.UnionWith(found);
        }

        return ids;
    }

    private static bool Matches(int id, string name, string wanted)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return (int.TryParse(wanted, out int number) && number == id)
            || name.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            || name.AsSpan(dot + 1).Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }

    private List<(int Id, string Path)> ReadImages()
    {
        var images = new List<(int, string)>();
        var lines = new Dictionary<int, int>();
        var file = CubTextFile.Open(_directory, "images.txt", "'<image id> <path below images/>'");
        foreach (CubTextFile.CubLine line in file.Lines(2))
        {
            int id = line.Id(0);
            if (!lines.TryAdd(id, line.Number))
            {
                throw line.Malformed($"Image {id} is already listed in line {lines[id]}.");
            }

            if (_folder.Resolve(ImageFolder, line.Values[1], out string path) is { } refusal)
            {
                throw line.Malformed(refusal);
            }

            images.Add((id, path));
        }

        return images.Count > 0 ? images : throw new InvalidDataException($"{file.Path} lists no image; expected lines of {file.Format}.");
    }

    /// <summary>
    /// Reads a file of one line per image. Lines of images that images.txt does not list are passed over: lists get shortened.
    /// </summary>
    private static Dictionary<int, T> ReadPerImage<T>(CubTextFile file, int fields, HashSet<int> listed, Func<CubTextFile.CubLine, T> read)
    {
        var values = new Dictionary<int, T>();
        foreach (CubTextFile.CubLine line in file.Lines(fields))
        {
            int id = line.Id(0);
            T value = read(line);
            if (listed.Contains(id) && !values.TryAdd(id, value))
            {
                throw line.Malformed($"Image {id} occurs twice.");
            }
        }

        return values;
    }

    /// <summary>Boxes are taken as written: real ones run past the edge of their image.</summary>
    private static float[] ReadBox(CubTextFile.CubLine line)
    {
        float[] box = [line.Real(1), line.Real(2), line.Real(3), line.Real(4)];
        return box[2] >= 0 && box[3] >= 0 ? box : throw line.Malformed("Width and height cannot be negative.");
    }

    private (Dictionary<int, float[]> Points, Dictionary<int, float[]> Visible) ReadKeyPoints(HashSet<int> listed)
    {
        var points = new Dictionary<int, float[]>();
        var visible = new Dictionary<int, float[]>();
        var seen = new HashSet<(int Image, int Part)>();
        var file = CubTextFile.Open(
            _directory,
            Path.Combine("parts", "part_locs.txt"),
            $"'<image id> <part id, 1 to {KeyPointCount}> <x> <y> <1 if visible, else 0>'"
        );
        foreach (CubTextFile.CubLine line in file.Lines(5))
        {
            int id = line.Id(0);
            int part = line.Id(1) - 1;
            if (part < 0 || part >= KeyPointCount)
            {
                throw line.Malformed($"There is no part {part + 1}.");
            }

            (float x, float y, bool isVisible) = (line.Real(2), line.Real(3), line.Flag(4));
            if (!listed.Contains(id))
            {
                continue;
            }

            if (!seen.Add((id, part)))
            {
                throw line.Malformed($"Part {part + 1} of image {id} occurs twice.");
            }

            float[] imagePoints = CollectionsMarshal.GetValueRefOrAddDefault(points, id, out _) ??= new float[KeyPointCount * 2];
            float[] imageVisible = CollectionsMarshal.GetValueRefOrAddDefault(visible, id, out _) ??= new float[KeyPointCount];
            imagePoints[2 * part] = x;
            imagePoints[(2 * part) + 1] = y;
            imageVisible[part] = isVisible ? 1 : 0;
        }

        return (points, visible);
    }

    /// <summary>Row k of the file belongs to class k; the file itself has no ids.</summary>
    private float[][]? ReadClassAttributes(Dictionary<int, string> classes)
    {
        int count = 0;
        var file = CubTextFile.OpenIfPresent(
            _directory,
            Path.Combine("attributes", "class_attribute_labels_continuous.txt"),
            "as many numbers as in the first line"
        );
        if (file is null)
        {
            return null;
        }

        var rows = new List<float[]>();
        foreach (CubTextFile.CubLine line in file.Lines(1))
        {
            CubTextFile.CubLine whole = line with { Values = line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) };
            count = count == 0 ? whole.Values.Length : count;
            rows.Add(
                whole.Values.Length == count
                    ? [.. Enumerable.Range(0, count).Select(whole.Real)]
                    : throw whole.Malformed($"This line has {whole.Values.Length} values, the first has {count}.")
            );
        }

        (int smallest, int largest) = (classes.Keys.DefaultIfEmpty(1).Min(), classes.Keys.DefaultIfEmpty().Max());
        return smallest >= 1 && rows.Count >= largest
            ? [.. rows]
            : throw new InvalidDataException(
                $"{file.Path} has {rows.Count} rows, but classes.txt has classes from {smallest} to {largest}; expected one row per class, in order, for classes from 1 on."
            );
    }

    private List<ListColumn<CubRow>> DescribeColumns(int? attributeCount)
    {
        List<ListColumn<CubRow>> columns =
        [
            ListColumn<CubRow>.Scalar(nameof(CubRow.ImageId), NumberDataViewType.Int32, row => row.ImageId),
            ListColumn<CubRow>.Text(nameof(CubRow.ImagePath), row => row.ImagePath),
            ListColumn<CubRow>.Text(nameof(CubRow.Species), row => row.Species),
            ListColumn<CubRow>.Scalar(nameof(CubRow.ClassId), NumberDataViewType.Int32, row => row.ClassId),
            ListColumn<CubRow>.Scalar(nameof(CubRow.IsTrain), BooleanDataViewType.Instance, row => row.IsTrain),
            ListColumn<CubRow>.Vector(nameof(CubRow.BoundingBox), [4], row => row.BoundingBox, ["x", "y", "width", "height"]),
            AnnotatedRows.KeyPoints<CubRow>(CubParts.Description, row => row.KeyPoints),
            ListColumn<CubRow>.Vector(nameof(CubRow.KeyPointVisible), [KeyPointCount], row => row.KeyPointVisible, CubParts.KeyPointNames),
        ];
        if (HasMasks)
        {
            columns.Add(ListColumn<CubRow>.Text(nameof(CubRow.PartMaskPath), row => row.PartMaskPath));
        }

        if (_segmentations is not null)
        {
            columns.Add(ListColumn<CubRow>.Text(nameof(CubRow.ObjectMaskPath), row => row.ObjectMaskPath));
        }

        if (attributeCount is { } count)
        {
            columns.Add(
                ListColumn<CubRow>.Vector(
                    nameof(CubRow.ClassAttributes),
                    [count],
                    row => row.ClassAttributes,
                    ReadAttributeNames() is { } names && names.Length == count ? names : null
                )
            );
        }

        return columns;
    }

    /// <summary>
    /// The archive holds attributes.txt beside the data set's folder, where it is not looked for; some copies have it inside.
    /// </summary>
    private string[]? ReadAttributeNames() =>
        CubTextFile
            .OpenIfPresent(_directory, Path.Combine("attributes", "attributes.txt"), "'<attribute id> <attribute name>'")
            ?.Lines(2)
            .Select(line => line.Values[1])
            .ToArray();
}
