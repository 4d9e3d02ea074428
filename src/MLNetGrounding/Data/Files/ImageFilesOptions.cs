using MLNetGrounding.Data.Files;

namespace MLNetGrounding;

/// <summary>Which image files are loaded.</summary>
public sealed record ImageFilesOptions
{
    /// <summary>Whether the folders in a folder are looked through too. Default <see langword="true"/>.</summary>
    public bool Recursive { get; init; } = true;

    /// <summary>
    /// The endings that files of a folder must have, in any case. Default: those of the formats that <see cref="ImageFile"/> reads.
    /// </summary>
    public IReadOnlyList<string> Extensions { get; init; } = ImageFileList.Extensions;

    /// <summary>
    /// The column of a CSV file that holds paths. Default <see langword="null"/>: <c>ImagePath</c>, <c>image</c>, <c>path</c>, <c>file</c>
    /// or <c>filename</c>, in any case, else the only column.
    /// </summary>
    public string? PathColumn { get; init; }

    /// <summary>The largest number of rows, the first ones. Default <see langword="null"/>: all.</summary>
    public int? Limit { get; init; }
}
