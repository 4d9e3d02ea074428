using System.Globalization;
using System.Text;
using System.Text.Json;
using MLNetGrounding.Data;

namespace MLNetGrounding.Comparison;

/// <summary>
/// The scores of images in a file that only grows: an image's lines are written together once it is done, so that after an interruption
/// nothing done is lost and nothing half done is kept.
/// </summary>
internal sealed class ScoreFile : IDisposable
{
    /// <summary>
    /// The version of settings and columns. It is raised whenever one of them changes its meaning, so that scores of an earlier version of
    /// the library are not gone on with.
    /// </summary>
    internal const int Version = 3;

    private const string VersionKey = "version";

    // Image, file, method, attribute and status stand before the scores.
    private const int FirstScore = 5;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly string _path;
    private readonly IReadOnlyList<ScoreEntry> _entries;
    private readonly IReadOnlyList<string> _queries;
    private readonly IReadOnlyList<string> _columns;
    private readonly FolderLock? _lock;
    private readonly FileStream _stream;
    private readonly Dictionary<string, ImageScores> _done = new(StringComparer.Ordinal);

    private ScoreFile(
        string path,
        IReadOnlyList<ScoreEntry> entries,
        IReadOnlyList<string> queries,
        IReadOnlyList<string> columns,
        FolderLock? folder
    )
    {
        (_path, _entries, _queries, _columns, _lock) = (path, entries, queries, columns, folder);
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    private string Header => CsvLine.Join(["image", "file", "method", "attribute", "status", .. _columns]);

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">All that scores depend on; an existing file must have the same.</param>
    /// <param name="entries">What is scored on every image.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="columns">The names of the scores.</param>
    /// <param name="held">The lock of the file's folder, where the caller holds it; else it is taken.</param>
    /// <exception cref="IOException">Another run holds the folder.</exception>
    public static ScoreFile Open(
        string path,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyList<ScoreEntry> entries,
        IReadOnlyList<string> queries,
        IReadOnlyList<string> columns,
        FolderLock? held = null
    )
    {
        if (held?.Covers(path) == false)
        {
            throw new ArgumentException(
                $"{nameof(MethodEvaluationOptions.ScoresLock)} is released, or is that of '{held.Directory}', while the scores go to '{Path.GetFullPath(path)}'. Take the lock of the scores' folder."
            );
        }

        if (entries.Select(entry => entry.Name).Concat(queries).FirstOrDefault(name => name.AsSpan().ContainsAny('\n', '\r')) is { } broken)
        {
            throw new ArgumentOutOfRangeException(
                null,
                broken,
                $"'{path}' takes one line for each method and query, but a name of them has several lines. Give it another name, or write no scores file."
            );
        }

        // Before the first look: what another run writes meanwhile would be taken for what it is not.
        FolderLock? taken = held is null ? FolderLock.Take(Path.GetDirectoryName(Path.GetFullPath(path))!) : null;
        ScoreFile? file = null;
        try
        {
            CheckSettings(path, settings, File.Exists(path) && new FileInfo(path).Length > 0);
            file = new ScoreFile(Path.GetFullPath(path), entries, queries, columns, taken);
            file.ReadDone();
            return file;
        }
        catch
        {
            file?.Dispose();
            taken?.Dispose();
            throw;
        }
    }

    /// <summary>Takes the scores of an image that an earlier run finished.</summary>
    public bool TryTake(string image, out ImageScores? scores) => _done.Remove(image, out scores);

    /// <summary>Appends an image; it is in the file when this returns.</summary>
    public void Add(ImageScores scores)
    {
        var text = new StringBuilder();
        for (int line = 0; line < scores.Lines; line++)
        {
            ScoreEntry entry = _entries[line / _queries.Count];
            text.Append(
                CsvLine.Join([scores.Image, scores.File, entry.Name, _queries[line % _queries.Count], NameOf(scores.Status(line))])
            );
            foreach (float score in scores.Scores(line))
            {
                // The shortest text that reads back as the same number.
                text.Append(',').Append(float.IsNaN(score) ? "" : score.ToString("R", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        Write(text.ToString());
    }

    public void Dispose()
    {
        _stream.Dispose();
        _lock?.Dispose();
    }

    private void Write(string text)
    {
        _stream.Write(Encoding.UTF8.GetBytes(text));
        _stream.Flush(flushToDisk: true);
    }

    private static void CheckSettings(string path, IReadOnlyDictionary<string, string> settings, bool exists)
    {
        string settingsPath = path + ".settings.json";
        string version = Version.ToString(CultureInfo.InvariantCulture);
        settings = new SortedDictionary<string, string>(settings.ToDictionary(), StringComparer.Ordinal) { [VersionKey] = version };
        if (!exists)
        {
            File.WriteAllText(settingsPath, JsonSerializer.Serialize(settings, Json) + "\n");
            return;
        }

        Dictionary<string, string> earlier = ReadSettings(settingsPath);
        if (earlier.GetValueOrDefault(VersionKey, "1") is { } written && written != version)
        {
            throw new InvalidOperationException(
                $"'{path}' was begun by another version of MLNetGrounding: its settings have version {written}, and this one goes on with version {version} only. Name another file, or delete this one and '{settingsPath}' to start again."
            );
        }

        string[] differing =
        [
            .. settings
                .Keys.Union(earlier.Keys)
                .Where(key => settings.GetValueOrDefault(key) != earlier.GetValueOrDefault(key))
                .Order(StringComparer.Ordinal),
        ];
        if (differing.Length > 0)
        {
            string first = differing[0];
            string others = differing.Length > 1 ? $" ({string.Join(", ", differing.Skip(1))} differ too)" : "";
            throw new InvalidOperationException(
                $"'{path}' holds scores of other settings: {first} was '{Shortened(earlier, first)}' and is '{Shortened(settings, first)}'{others}. Name another file, or delete this one to start again."
            );
        }
    }

    private static string Shortened(IReadOnlyDictionary<string, string> settings, string key)
    {
        const int longest = 100;
        string value = settings.GetValueOrDefault(key) ?? "";
        return value.Length <= longest ? value : value[..longest] + "...";
    }

    private static Dictionary<string, string> ReadSettings(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException(
                $"'{path}', which says what settings the scores beside it were made with, does not exist. Delete the scores to start again."
            );
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is not the settings of a scores file: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the images that are there in full, and cuts off what an interruption left of another.</summary>
    private void ReadDone()
    {
        using var reader = new CompleteLines(_stream);
        long end = 0;
        if (reader.Next() is { } header)
        {
            if (header != Header)
            {
                throw Damaged(1, $"its first line is not '{Header}'");
            }

            end = reader.Position;
            while (ReadImage(reader) is { } scores)
            {
                end = reader.Position;
                if (!_done.TryAdd(scores.Image, scores))
                {
                    throw Damaged(reader.Number, $"image '{scores.Image}' occurs twice");
                }
            }
        }

        _stream.SetLength(end);
        _stream.Position = end;
        if (end == 0)
        {
            Write(Header + "\n");
        }
    }

    /// <summary>The next image, or null where the file ends before all its lines.</summary>
    private ImageScores? ReadImage(CompleteLines reader)
    {
        ImageScores? scores = null;
        int lines = _entries.Count * _queries.Count;
        for (int line = 0; line < lines; line++)
        {
            if (reader.Next() is not { } text)
            {
                return null;
            }

            List<string> fields = CsvLine.Split(text);
            scores ??= new ImageScores(fields[0], _entries.Count, _queries.Count, _columns.Count)
            {
                File = fields.ElementAtOrDefault(1) ?? "",
            };
            bool expected =
                fields.Count == FirstScore + _columns.Count
                && fields[0] == scores.Image
                && fields[1] == scores.File
                && fields[2] == _entries[line / _queries.Count].Name
                && fields[3] == _queries[line % _queries.Count];
            if (!expected || !TryRead(fields, scores, line))
            {
                throw Damaged(
                    reader.Number,
                    $"expected the scores of image '{scores.Image}', {_entries[line / _queries.Count].Name}, {_queries[line % _queries.Count]}, each empty or a finite number"
                );
            }
        }

        return scores;
    }

    private static bool TryRead(List<string> fields, ImageScores scores, int line)
    {
        foreach (ScoreStatus status in Enum.GetValues<ScoreStatus>())
        {
            if (NameOf(status) == fields[FirstScore - 1])
            {
                scores.Status(line) = status;
                Span<float> numbers = scores.Scores(line);
                for (int column = 0; column < numbers.Length; column++)
                {
                    string field = fields[FirstScore + column];
                    numbers[column] = float.NaN;
                    bool known =
                        field.Length == 0
                        || (
                            float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[column])
                            && float.IsFinite(numbers[column])
                        );
                    if (!known)
                    {
                        return false;
                    }
                }

                return true;
            }
        }

        return false;
    }

    private InvalidDataException Damaged(int line, string problem) =>
        new($"'{_path}', line {line}: {problem}. Restore the file, or delete it to start again.");

    private static string NameOf(ScoreStatus status) =>
        status switch
        {
            ScoreStatus.Scored => "scored",
            ScoreStatus.Failed => "failed",
            _ => "not scored",
        };
}
