using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Data.Files;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Data.Points;

/// <summary>Reads key points and boxes of a CSV file. Images are only looked for, never opened.</summary>
internal sealed class KeyPointFileLoader
{
    private readonly IHost _host;
    private readonly string _path;
    private readonly string _imageFolder;
    private readonly KeyPointFileOptions _options;

    // In the order of the file.
    private readonly List<string> _names = [];

    /// <summary>For each point the words that some line of it states.</summary>
    private readonly List<HashSet<string>> _words = [];
    private readonly List<PointedImage> _images = [];
    private readonly Dictionary<string, PointedImage> _byName = new(StringComparer.Ordinal);

    private KeyPointFileLoader(IHost host, string path, string imageFolder, KeyPointFileOptions options) =>
        (_host, _path, _imageFolder, _options) = (host, path, imageFolder, options);

    public static IDataView Load(DataOperationsCatalog catalog, string path, KeyPointFileOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Limit is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.Limit,
                $"{nameof(KeyPointFileOptions.Limit)} must be at least 1, or null for no limit."
            );
        }

        string file = Path.GetFullPath(path);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"'{file}' does not exist. A CSV file of key points was expected.", file);
        }

        string folder = Path.GetFullPath(options.ImageDirectory ?? Path.GetDirectoryName(file)!);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The folder '{folder}' does not exist. Expected the folder that '{file}' names images of."
            );
        }

        IHost host = CatalogEnvironment.Of(catalog).Register(nameof(KeyPointFileLoader));
        return new KeyPointFileLoader(host, file, folder, options).Load();
    }

    private ListView<AnnotatedRow> Load()
    {
        ContainedFolder folder = new(
            _imageFolder,
            _options.FollowLinks,
            $"{nameof(KeyPointFileOptions)}.{nameof(KeyPointFileOptions.FollowLinks)}"
        );
        PointColumns? columns = null;
        foreach ((int line, List<string> fields) in CsvFile.Records(_path))
        {
            if (columns is null)
            {
                columns = PointColumns.Of(fields, $"'{_path}', line {line}");
                continue;
            }

            Read(new PointRecord(columns, fields, $"'{_path}', line {line}"), folder);
        }

        if (_images.Count == 0)
        {
            throw new InvalidDataException($"'{_path}' lists no image; a header and lines of {PointColumns.Expected} were expected.");
        }

        if (_names.Count == 0)
        {
            throw new InvalidDataException($"'{_path}' has no point: every line's '{PointColumns.Point}' is empty.");
        }

        KeyPointDescription description = PointNames.Describe(
            _names,
            _options.Words ?? StatedWords(),
            _options.SwappedWords,
            $"{nameof(KeyPointFileOptions)}.{nameof(KeyPointFileOptions.Words)}"
        );
        List<PointedImage> found = ExistingImages.Of(_host, _images, image => image.Path, _options.Limit, _path, _imageFolder);
        return AnnotatedRows.View([.. found.Select(image => image.ToRow(_names.Count))], description);
    }

    private void Read(PointRecord record, ContainedFolder folder)
    {
        string name = record.Text(PointColumns.Image);
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            throw record.Wrong($"the path of an image was expected in '{PointColumns.Image}'.");
        }

        if (!_byName.TryGetValue(name, out PointedImage? image))
        {
            if (folder.Resolve("", name, out string path) is { } refusal)
            {
                throw record.Wrong($"the image is '{name}'. {refusal}");
            }

            image = new PointedImage(name, path);
            _images.Add(image);
            _byName.Add(name, image);
        }

        image.SetLabel(record);
        if (PointNames.Plain(record.Text(PointColumns.Point)) is { Length: > 0 } point)
        {
            image.AddPoint(record, PlaceOf(point, record));
        }
        else if (record.Text(PointColumns.Width).Length > 0 || record.Text(PointColumns.Height).Length > 0)
        {
            image.SetBox(record);
        }
        else if (record.Text(PointColumns.X).Length > 0)
        {
            throw record.Wrong(
                $"a point needs its name in '{PointColumns.Point}', a box its '{PointColumns.Width}' and '{PointColumns.Height}'."
            );
        }
    }

    private int PlaceOf(string point, PointRecord record)
    {
        int place = _names.IndexOf(point);
        if (place < 0)
        {
            place = _names.Count;
            _names.Add(point);
            _words.Add(new HashSet<string>(StringComparer.Ordinal));
        }

        _words[place]
            .UnionWith(record.Text(PointColumns.Word).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return place;
    }

    /// <summary>For each word its points; a point of which no line states a word counts for that of its name.</summary>
    private Dictionary<string, IReadOnlyList<string>> StatedWords() =>
        _names
            .SelectMany(
                (point, place) => (_words[place].Count > 0 ? _words[place] : [PointNames.WordOf(point)]).Select(word => (word, point))
            )
            .GroupBy(pair => pair.word, StringComparer.Ordinal)
            .ToDictionary(word => word.Key, word => (IReadOnlyList<string>)[.. word.Select(pair => pair.point)], StringComparer.Ordinal);

    /// <summary>What a file says about an image, gathered line by line.</summary>
    private sealed class PointedImage(string name, string path)
    {
        private readonly Dictionary<int, (float X, float Y, bool IsVisible)> _points = [];
        private float[]? _box;
        private string _label = "";

        public string Path => path;

        public void SetLabel(PointRecord record)
        {
            string label = record.Text(PointColumns.Label);
            if (label.Length > 0 && _label.Length > 0 && label != _label)
            {
                throw record.Wrong($"image '{name}' is '{label}' here and '{_label}' before; an image has one '{PointColumns.Label}'.");
            }

            _label = label.Length > 0 ? label : _label;
        }

        public void AddPoint(PointRecord record, int place)
        {
            bool isGiven = record.Text(PointColumns.X).Length > 0 || record.Text(PointColumns.Y).Length > 0;
            bool isVisible = record.Flag(PointColumns.Visible, isGiven);
            if (isVisible && !isGiven)
            {
                throw record.Wrong($"a visible point needs its '{PointColumns.X}' and '{PointColumns.Y}'.");
            }

            (float x, float y) = isGiven ? (record.Number(PointColumns.X), record.Number(PointColumns.Y)) : (0, 0);
            if (!_points.TryAdd(place, (x, y, isVisible)))
            {
                throw record.Wrong($"the point '{record.Text(PointColumns.Point)}' of image '{name}' occurs twice.");
            }
        }

        /// <summary>Boxes are taken as written: real ones run past the edge of their image.</summary>
        public void SetBox(PointRecord record)
        {
            if (_box is not null)
            {
                throw record.Wrong($"image '{name}' has a second box; one row has one object.");
            }

            _box =
            [
                record.Number(PointColumns.X),
                record.Number(PointColumns.Y),
                record.Number(PointColumns.Width),
                record.Number(PointColumns.Height),
            ];
            if (_box[2] < 0 || _box[3] < 0)
            {
                throw record.Wrong("width and height cannot be negative.");
            }
        }

        public AnnotatedRow ToRow(int points)
        {
            float[] places = new float[points * 2];
            float[] visible = new float[points];
            foreach ((int point, (float x, float y, bool isVisible)) in _points)
            {
                (places[point * 2], places[(point * 2) + 1], visible[point]) = (x, y, isVisible ? 1 : 0);
            }

            return new AnnotatedRow
            {
                ImageId = name,
                ImagePath = path,
                Label = _label,
                BoundingBox = _box ?? [float.NaN, float.NaN, float.NaN, float.NaN],
                KeyPoints = places,
                KeyPointVisible = visible,
            };
        }
    }

    /// <summary>One record of the file.</summary>
    private readonly record struct PointRecord
    {
        private readonly PointColumns _columns;
        private readonly List<string> _fields;
        private readonly string _place;

        public PointRecord(PointColumns columns, List<string> fields, string place)
        {
            (_columns, _fields, _place) = (columns, fields, place);
            if (fields.Count != columns.Count)
            {
                throw Wrong($"{fields.Count} fields; {columns.Count} were expected, as in the header.");
            }
        }

        /// <summary>A field; empty where the file has no such column.</summary>
        public string Text(string column) => _columns.IndexOf(column) is >= 0 and int index ? _fields[index].Trim() : "";

        public float Number(string column) =>
            float.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
                ? value
                : throw Wrong($"a number was expected in '{column}', found '{Text(column)}'.");

        public bool Flag(string column, bool otherwise) =>
            Text(column).ToLowerInvariant() switch
            {
                "" => otherwise,
                "0" or "false" => false,
                "1" or "true" => true,
                string text => throw Wrong($"1 or 0 was expected in '{column}', found '{text}'."),
            };

        public InvalidDataException Wrong(string what) => new($"{_place}: {what}");
    }
}
