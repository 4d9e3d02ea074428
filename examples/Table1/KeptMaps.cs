using System.Globalization;
using MLNetGrounding;
using Parquet.Serialization;

namespace Table1;

/// <summary>
/// The final maps of methods in Parquet files of a folder, so that scores of other methods, thresholds or regions need no model. A file
/// holds some images and is there in whole or not at all; what is beside the maps are the words, the cells and the geometry.
/// </summary>
/// <remarks>
/// Of an image it takes (methods x words + 1) x cells x 4 bytes, whatever layers and heads the model has; attention and flow, which have
/// them, are not kept.
/// </remarks>
internal sealed class KeptMaps : IDisposable
{
    /// <summary>The name that the coarse word's mask stands under, a map like those of methods.</summary>
    public const string Mask = "Mask";

    // Of the paper's model and all methods, 32 images take about 20 MB.
    private const int ImagesOfAFile = 32;
    private const string Extension = ".parquet";

    private readonly string _folder;
    private readonly IReadOnlyList<string> _words;

    /// <summary>For each image the files that hold maps of it, and for each of these the methods.</summary>
    private readonly Dictionary<string, List<(string File, HashSet<string> Methods)>> _index = new(StringComparer.Ordinal);

    private readonly List<KeptImage> _unwritten = [];

    // Rows come in the order of the files.
    private readonly Dictionary<string, Dictionary<string, KeptImage>> _read = new(StringComparer.Ordinal);
    private int _files;

    private KeptMaps(string folder, IReadOnlyList<string> words) => (_folder, _words) = (folder, words);

    /// <summary>The cells of the maps; null where there are none yet.</summary>
    public MapGrid? Grid { get; private set; }

    /// <summary>Opens a folder, which need not exist.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static KeptMaps Open(string folder, IReadOnlyList<string> words)
    {
        KeptMaps kept = new(folder, words);
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
            {
                kept.ReadKeys(file);
            }
        }

        return kept;
    }

    /// <summary>The methods that an image has maps of.</summary>
    public IReadOnlySet<string> MethodsOf(string image) =>
        _index.TryGetValue(image, out List<(string File, HashSet<string> Methods)>? files)
            ? files.SelectMany(file => file.Methods).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();

    /// <summary>The maps of an image, or null where there are none.</summary>
    public KeptImage? Find(string image)
    {
        if (!_index.TryGetValue(image, out List<(string File, HashSet<string> Methods)>? files))
        {
            return null;
        }

        KeptImage[] parts = [.. files.Select(file => ImagesOf(file.File)[image])];
        return parts[0] with
        {
            Maps = parts
                .SelectMany(part => part.Maps)
                .GroupBy(map => map.Key, StringComparer.Ordinal)
                .ToDictionary(maps => maps.Key, maps => maps.Last().Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Takes the maps of an image; they are in a file when enough have come, or when this is disposed.</summary>
    public void Add(KeptImage image, MapGrid grid)
    {
        Grid = grid;
        _unwritten.Add(image);
        if (_unwritten.Count >= ImagesOfAFile)
        {
            Write();
        }
    }

    public void Dispose() => Write();

    private void Write()
    {
        if (_unwritten.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(_folder);
        string path;
        do
        {
            path = Path.Combine(_folder, (++_files).ToString("00000", CultureInfo.InvariantCulture) + Extension);
        } while (File.Exists(path));

        string unfinished = path + ".unfinished";
        File.Delete(unfinished);
        ParquetSerializer.SerializeAsync(_unwritten.SelectMany(RowsOf), unfinished).GetAwaiter().GetResult();
        File.Move(unfinished, path);
        foreach (KeptImage image in _unwritten)
        {
            Remember(image.Image, path, image.Maps.Keys);
        }

        _unwritten.Clear();
    }

    private IEnumerable<KeptMap> RowsOf(KeptImage image)
    {
        MapGrid grid = Grid!.Value;
        foreach ((string method, float[] maps) in image.Maps)
        {
            // The mask is the same for every word.
            string[] words = method == Mask ? [""] : [.. _words];
            for (int word = 0; word < words.Length; word++)
            {
                yield return new KeptMap
                {
                    Image = image.Image,
                    Method = method,
                    Word = words[word],
                    Height = grid.Height,
                    Width = grid.Width,
                    Map = [.. maps.AsSpan(word * grid.Cells, grid.Cells)],
                    Geometry = [.. image.Geometry],
                };
            }
        }
    }

    private void ReadKeys(string file)
    {
        foreach (KeptKey key in Read<KeptKey>(file))
        {
            MapGrid grid = new(key.Height, key.Width);
            if (Grid is { } other && other != grid)
            {
                throw new InvalidDataException(
                    $"'{file}' has maps of {grid} cells, the files before it of {other}. Delete the folder to start again."
                );
            }

            Grid = grid;
            Remember(key.Image, file, [key.Method]);
        }
    }

    private void Remember(string image, string file, IEnumerable<string> methods)
    {
        if (!_index.TryGetValue(image, out List<(string File, HashSet<string> Methods)>? files))
        {
            _index.Add(image, files = []);
        }

        if (files.Count == 0 || files[^1].File != file)
        {
            files.Add((file, new HashSet<string>(StringComparer.Ordinal)));
        }

        files[^1].Methods.UnionWith(methods);
    }

    private Dictionary<string, KeptImage> ImagesOf(string file)
    {
        if (!_read.TryGetValue(file, out Dictionary<string, KeptImage>? images))
        {
            // Maps of more methods lie in files of their own, which go along with the first.
            if (_read.Count >= 4)
            {
                _read.Clear();
            }

            images = Read<KeptMap>(file)
                .GroupBy(row => row.Image, StringComparer.Ordinal)
                .ToDictionary(rows => rows.Key, rows => ImageOf(file, rows.Key, [.. rows]), StringComparer.Ordinal);
            _read.Add(file, images);
        }

        return images;
    }

    private KeptImage ImageOf(string file, string image, IReadOnlyList<KeptMap> rows)
    {
        Dictionary<string, float[]> maps = new(StringComparer.Ordinal);
        foreach (IGrouping<string, KeptMap> method in rows.GroupBy(row => row.Method, StringComparer.Ordinal))
        {
            var byWord = method.ToDictionary(row => row.Word, StringComparer.Ordinal);
            string[] words = method.Key == Mask ? [""] : [.. _words];
            if (words.FirstOrDefault(word => !byWord.TryGetValue(word, out KeptMap? row) || row.Map.Count != Grid!.Value.Cells) is { } bad)
            {
                throw new InvalidDataException(
                    $"'{file}': image '{image}', method {method.Key} has no map of {Grid} cells for '{bad}'. Delete the folder to start again."
                );
            }

            maps.Add(method.Key, [.. words.SelectMany(word => byWord[word].Map)]);
        }

        return new KeptImage(image, [.. rows[0].Geometry], maps);
    }

    private static IList<T> Read<T>(string file)
        where T : class, new()
    {
        try
        {
            return ParquetSerializer.DeserializeAsync<T>(file).GetAwaiter().GetResult().Data;
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            throw new InvalidDataException(
                $"'{file}' is no file of maps that can be read ({exception.Message}). Delete it to have its images computed again.",
                exception
            );
        }
    }
}
