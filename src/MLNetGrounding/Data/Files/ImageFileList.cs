using System.IO.Enumeration;
using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.ML;

namespace MLNetGrounding.Data.Files;

/// <summary>Finds image files: of a folder, by a pattern, or listed in a CSV file. None is opened.</summary>
internal static class ImageFileList
{
    private const string Label = "Label";
    private const string ListExtension = ".csv";

    /// <summary>What a column of paths is called, in any case.</summary>
    internal static readonly string[] PathColumns = [GroundingColumns.ImagePath, "image", "path", "file", "filename"];

    private static readonly char[] Wildcards = ['*', '?', '['];

    /// <summary>The endings of files of the formats that are read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"];

    /// <summary>Finds the files that a source stands for.</summary>
    public static IDataView Load(string source, ImageFilesOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Extensions, nameof(options.Extensions));
        if (options.Limit is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.Limit,
                $"{nameof(ImageFilesOptions.Limit)} must be at least 1, or null for no limit."
            );
        }

        return Directory.Exists(source) ? Folder(source, options)
            : File.Exists(source)
                ? source.EndsWith(ListExtension, StringComparison.OrdinalIgnoreCase) ? List(source, options)
                    : View([new(Path.GetFullPath(source), [""])], [Label], options)
            : source.IndexOfAny(Wildcards) >= 0 ? Pattern(source, options)
            : throw new FileNotFoundException(
                $"'{Path.GetFullPath(source)}' does not exist. A folder of images, a pattern such as photos/**/*.jpg, a CSV file with a column of paths, or an image was expected.",
                source
            );
    }

    private static ListView<ImageFileRow> Folder(string folder, ImageFilesOptions options)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string[] found = [.. Files(root, options.Recursive).Where(path => HasExtension(path, options))];
        return found.Length > 0
            ? View(found.Select(path => new ImageFileRow(path, [LabelOf(root, path)])), [Label], options)
            : throw new FileNotFoundException(
                $"'{root}' holds no image{(options.Recursive ? "" : ", its folders not counted")}: files that end in {string.Join(", ", options.Extensions)} were expected.",
                root
            );
    }

    private static ListView<ImageFileRow> Pattern(string source, ImageFilesOptions options)
    {
        // The folders before the first wildcard are where it starts.
        string[] parts = source.Replace('\\', Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        int first = Array.FindIndex(parts, part => part.IndexOfAny(Wildcards) >= 0);
        string root = Path.GetFullPath(
            first == 0 ? "." : string.Join(Path.DirectorySeparatorChar, parts[..first]) + Path.DirectorySeparatorChar
        );
        Matcher matcher = new(StringComparison.Ordinal);
        string[] found = [];
        if (Directory.Exists(root))
        {
            matcher.AddInclude(string.Join('/', parts[first..]));
            found = [.. Files(root, recursive: true).Where(path => matcher.Match(root, path).HasMatches)];
        }

        return found.Length > 0
            ? View(found.Select(path => new ImageFileRow(path, [LabelOf(root, path)])), [Label], options)
            : throw new FileNotFoundException($"No file is like '{source}', looked for in '{root}'.", source);
    }

    private static ListView<ImageFileRow> List(string file, ImageFilesOptions options)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        List<(int Line, List<string> Fields)> records = [.. CsvFile.Records(file)];
        if (records.Count == 0)
        {
            throw new InvalidDataException($"'{file}' is empty; a CSV file with a column of paths was expected.");
        }

        List<string> names = [.. records[0].Fields.Select(name => name.Trim())];
        int column = options.PathColumn is { } stated
            ? names.IndexOf(stated)
            : names.FindIndex(name => PathColumns.Contains(name, StringComparer.OrdinalIgnoreCase));
        bool hasHeader = column >= 0;
        if (!hasHeader && names.Count == 1 && options.PathColumn is null)
        {
            column = 0;
        }

        if (column < 0)
        {
            throw new InvalidDataException(
                $"'{file}' has the columns {string.Join(", ", names)}; the one of the paths, {options.PathColumn ?? string.Join(", ", PathColumns[..^1]) + " or " + PathColumns[^1]}, is not among them. {nameof(ImageFilesOptions)}.{nameof(ImageFilesOptions.PathColumn)} names another."
            );
        }

        List<ImageFileRow> rows = [];
        for (int record = hasHeader ? 1 : 0; record < records.Count; record++)
        {
            (int line, List<string> fields) = records[record];
            if (fields.Count != names.Count)
            {
                throw new InvalidDataException(
                    $"'{file}', line {line}: {fields.Count} fields; {names.Count} were expected, as in the first."
                );
            }

            if (fields[column].Trim() is { Length: > 0 } path)
            {
                rows.Add(new ImageFileRow(Path.GetFullPath(path, folder), [.. fields.Where((_, index) => index != column)]));
            }
        }

        return rows.Count > 0
            ? View(rows, [.. names.Where((_, index) => index != column)], options)
            : throw new InvalidDataException($"'{file}' lists no image.");
    }

    /// <summary>
    /// The files below a folder, in the order of their paths; links to folders are not followed, so that none is found twice.
    /// </summary>
    private static IEnumerable<string> Files(string root, bool recursive) =>
        new FileSystemEnumerable<string>(
            root,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions
            {
                RecurseSubdirectories = recursive,
                IgnoreInaccessible = true,
                AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            }
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        }.Order(StringComparer.Ordinal);

    private static bool HasExtension(string path, ImageFilesOptions options) =>
        options.Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The folder that a file lies in, as image classifiers take it for the class; empty for those of the root itself.</summary>
    private static string LabelOf(string root, string path) =>
        Path.GetDirectoryName(path) is { } folder && folder.Length > root.Length ? Path.GetFileName(folder) : "";

    private static ListView<ImageFileRow> View(IEnumerable<ImageFileRow> rows, IReadOnlyList<string> texts, ImageFilesOptions options) =>
        new(
            [.. options.Limit is { } limit ? rows.Take(limit) : rows],
            [
                ListColumn<ImageFileRow>.Text(GroundingColumns.ImagePath, row => row.Path),
                .. texts.Select(
                    (name, index) => ListColumn<ImageFileRow>.Text(name.Length > 0 ? name : $"Column{index}", row => row.Texts[index])
                ),
            ]
        );
}
