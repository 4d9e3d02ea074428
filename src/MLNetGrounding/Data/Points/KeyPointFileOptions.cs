namespace MLNetGrounding;

/// <summary>Which rows of a CSV file of key points are loaded, and what its points count for.</summary>
public sealed class KeyPointFileOptions
{
    /// <summary>The folder that paths in the file are below. Default <see langword="null"/>: the file's own.</summary>
    public string? ImageDirectory { get; set; }

    /// <summary>
    /// For each word the names of the points that count for it; a word is hit where any of them is. Default <see langword="null"/>: as the
    /// file's column <c>word</c> says, else the point's name without the side, so that <c>left eye</c> and <c>right eye</c> are both an
    /// <c>eye</c>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; set; }

    /// <summary>The control: for each word the one whose map is scored on its points. Default: see
    /// <see cref="KeyPointDescription.SwappedQueries"/>.</summary>
    public IReadOnlyDictionary<string, string>? SwappedWords { get; set; }

    /// <summary>The largest number of rows, without missing images, in the order of the file. Default <see langword="null"/>: all.</summary>
    public int? Limit { get; set; }

    /// <summary>
    /// Whether images are read where links in their folder lead out of it. Who can write to the folder then chooses which files are read as
    /// images. Default <see langword="false"/>: such a link is an error. Paths in the file never leave the folder by themselves.
    /// </summary>
    public bool FollowLinks { get; set; }
}
