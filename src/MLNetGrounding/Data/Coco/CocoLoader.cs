using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Data.Files;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Data.Coco;

/// <summary>Reads COCO key points. Images are only looked for, never opened.</summary>
internal sealed class CocoLoader
{
    private const int NumbersOfAPoint = 3;
    private const int NotLabeled = 0;
    private const int Hidden = 1;
    private const int Visible = 2;

    private readonly IHost _host;
    private readonly string _path;
    private readonly string _imageFolder;
    private readonly CocoLoaderOptions _options;

    private CocoLoader(IHost host, string path, string imageFolder, CocoLoaderOptions options) =>
        (_host, _path, _imageFolder, _options) = (host, path, imageFolder, options);

    public static IDataView Load(DataOperationsCatalog catalog, string annotationsPath, string imageDirectory, CocoLoaderOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(annotationsPath);
        ArgumentException.ThrowIfNullOrEmpty(imageDirectory);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Limit is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.Limit,
                $"{nameof(CocoLoaderOptions.Limit)} must be at least 1, or null for no limit."
            );
        }

        string path = Path.GetFullPath(annotationsPath);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"'{path}' does not exist. A JSON file of COCO key points was expected.", path);
        }

        string folder = Path.GetFullPath(imageDirectory);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The folder '{folder}' does not exist. Expected the folder that '{path}' names images of."
            );
        }

        IHost host = CatalogEnvironment.Of(catalog).Register(nameof(CocoLoader));
        return new CocoLoader(host, path, folder, options).Load();
    }

    private ListView<AnnotatedRow> Load()
    {
        var file = CocoFile.Read(_path);
        CocoCategories categories = new(_path, file.Categories!, _options.Categories);
        KeyPointDescription description = PointNames.Describe(
            categories.Points,
            _options.Words,
            _options.SwappedWords,
            $"{nameof(CocoLoaderOptions)}.{nameof(CocoLoaderOptions.Words)}"
        );
        List<(string Id, string Path)> images = ReadImages(file.Images!);
        var objects = images.ToDictionary(image => image.Id, _ => new List<CocoObject>(), StringComparer.Ordinal);
        ReadAnnotations(file.Annotations!, categories, objects);
        List<AnnotatedRow> rows = [.. images.SelectMany(image => RowsOf(image.Id, image.Path, objects[image.Id]))];
        return rows.Count > 0
            ? AnnotatedRows.View(ExistingImages.Of(_host, rows, row => row.ImagePath, _options.Limit, _path, _imageFolder), description)
            : throw new InvalidOperationException(
                $"'{_path}': none of its {images.Count} images has an annotation{(_options.Categories is null ? " of a category that names points" : " of " + string.Join(", ", _options.Categories))} that is no crowd."
            );
    }

    private List<(string Id, string Path)> ReadImages(IReadOnlyList<CocoImage?> listed)
    {
        ContainedFolder folder = new(
            _imageFolder,
            _options.FollowLinks,
            $"{nameof(CocoLoaderOptions)}.{nameof(CocoLoaderOptions.FollowLinks)}"
        );
        List<(string, string)> images = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int index = 0; index < listed.Count; index++)
        {
            if (listed[index] is not { } image || CocoValue.Id(image.Id) is not { } id)
            {
                throw new InvalidDataException(
                    $"'{_path}', images[{index}]: an object with an 'id', a whole number or text, was expected."
                );
            }

            string place = $"'{_path}', image {id}";
            if (!seen.Add(id))
            {
                throw new InvalidDataException($"{place} occurs twice in 'images'.");
            }

            if (image.FileName.ValueKind != JsonValueKind.String)
            {
                throw new InvalidDataException($"{place}: a path below the folder of images was expected as its 'file_name'.");
            }

            string name = image.FileName.GetString()!;
            if (folder.Resolve("", name, out string path) is { } refusal)
            {
                throw new InvalidDataException($"{place}: its 'file_name' is '{name}'. {refusal}");
            }

            images.Add((id, path));
        }

        return images.Count > 0 ? images : throw new InvalidDataException($"'{_path}' lists no image.");
    }

    /// <summary>Annotations of images that are not listed are passed over: lists get shortened.</summary>
    private void ReadAnnotations(
        IReadOnlyList<CocoAnnotation?> annotations,
        CocoCategories categories,
        Dictionary<string, List<CocoObject>> objects
    )
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int index = 0; index < annotations.Count; index++)
        {
            if (annotations[index] is not { } annotation || CocoValue.Id(annotation.Id) is not { } id)
            {
                throw new InvalidDataException(
                    $"'{_path}', annotations[{index}]: an object with an 'id', a whole number or text, was expected."
                );
            }

            string place = $"'{_path}', annotation {id}";
            if (!seen.Add(id))
            {
                throw new InvalidDataException($"{place} occurs twice in 'annotations'.");
            }

            string image = IdIn(annotation.ImageId, "image_id", place);
            if (
                !IsCrowd(annotation, place)
                && categories.TryGet(IdIn(annotation.CategoryId, "category_id", place), place, out (string Name, int[] Points) category)
                && objects.TryGetValue(image, out List<CocoObject>? ofImage)
            )
            {
                ofImage.Add(Read(annotation, id, place, category.Name, category.Points, categories.Points.Count));
            }
        }
    }

    private static string IdIn(JsonElement value, string member, string place) =>
        CocoValue.Id(value) ?? throw new InvalidDataException($"{place}: an id, a whole number or text, was expected as its '{member}'.");

    private static bool IsCrowd(CocoAnnotation annotation, string place) =>
        annotation.IsCrowd.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            JsonValueKind.Number when annotation.IsCrowd.TryGetInt32(out int value) && value is 0 or 1 => annotation.IsCrowd.GetInt32()
                == 1,
            _ => throw new InvalidDataException($"{place}: 0 or 1 was expected as its 'iscrowd'."),
        };

    private CocoObject Read(CocoAnnotation annotation, string id, string place, string label, int[] places, int points)
    {
        float[] box = ReadBox(annotation, place);
        float[] where = new float[points * 2];
        float[] visible = new float[points];
        bool isLabeled = false;
        double[] numbers = CocoValue.IsMissing(annotation.KeyPoints)
            ? new double[places.Length * NumbersOfAPoint]
            : CocoValue.Numbers(annotation.KeyPoints)
                ?? throw new InvalidDataException(
                    $"{place}: a list of numbers, x, y and v of each point, was expected as its 'keypoints'."
                );
        if (numbers.Length != places.Length * NumbersOfAPoint)
        {
            throw new InvalidDataException(
                $"{place}: its 'keypoints' are {numbers.Length} numbers; category '{label}' names {places.Length} points, so that {places.Length * NumbersOfAPoint} were expected, x, y and v of each."
            );
        }

        for (int point = 0; point < places.Length; point++)
        {
            double state = numbers[(point * NumbersOfAPoint) + 2];
            if (state is not (NotLabeled or Hidden or Visible))
            {
                throw new InvalidDataException(
                    $"{place}: v of point {point + 1} is {FormattableString.Invariant($"{state}")}; 0 (not labeled), 1 (hidden) or 2 (visible) was expected."
                );
            }

            if (state != NotLabeled)
            {
                isLabeled = true;
                where[places[point] * 2] = (float)numbers[point * NumbersOfAPoint];
                where[(places[point] * 2) + 1] = (float)numbers[(point * NumbersOfAPoint) + 1];
                visible[places[point]] = state == Visible || _options.HiddenPointsCount ? 1 : 0;
            }
        }

        double area = CocoValue.Number(annotation.Area) ?? (float.IsNaN(box[0]) ? 0 : (double)box[2] * box[3]);
        return new CocoObject(id, label, box, where, visible, isLabeled, area);
    }

    /// <summary>Boxes are taken as written: real ones run past the edge of their image.</summary>
    private static float[] ReadBox(CocoAnnotation annotation, string place)
    {
        if (CocoValue.IsMissing(annotation.Box))
        {
            return [float.NaN, float.NaN, float.NaN, float.NaN];
        }

        return CocoValue.Numbers(annotation.Box) is [double x, double y, >= 0 and double width, >= 0 and double height]
            ? [(float)x, (float)y, (float)width, (float)height]
            : throw new InvalidDataException(
                $"{place}: four numbers, x, y, width and height, the last two not negative, were expected as its 'bbox'."
            );
    }

    private IEnumerable<AnnotatedRow> RowsOf(string image, string path, List<CocoObject> objects)
    {
        if (_options.RowPerAnnotation)
        {
            return objects.Select(each => Row($"{image}#{each.Id}", each));
        }

        // Of equally large ones the first.
        CocoObject[] labeled = [.. objects.Where(each => each.IsLabeled)];
        return (labeled.Length > 0 ? labeled : [.. objects]).MaxBy(each => each.Area) is { } largest ? [Row(image, largest)] : [];

        AnnotatedRow Row(string id, CocoObject annotated) =>
            new()
            {
                ImageId = id,
                ImagePath = path,
                Label = annotated.Label,
                BoundingBox = annotated.Box,
                KeyPoints = annotated.Points,
                KeyPointVisible = annotated.Visible,
            };
    }
}
