namespace MLNetGrounding;

/// <summary>Which rows of a file of COCO key points are loaded, and what its points count for.</summary>
public sealed class CocoLoaderOptions
{
    /// <summary>The categories, each as its id or name; case does not matter. Default <see langword="null"/>: all that have points.</summary>
    public IReadOnlyCollection<string>? Categories { get; set; }

    /// <summary>
    /// Whether each annotation is a row of its own. Default <see langword="false"/>: an image is a row, with the largest of its annotations
    /// that label a point, by <c>area</c> or, where that is missing, by the box.
    /// </summary>
    public bool RowPerAnnotation { get; set; }

    /// <summary>
    /// Whether points that are labeled but hidden (v = 1) count as visible. Default <see langword="false"/>: only v = 2 does.
    /// </summary>
    public bool HiddenPointsCount { get; set; }

    /// <summary>
    /// For each word the names of the points that count for it; a word is hit where any of them is. Default <see langword="null"/>: each
    /// point counts for its name without the side, so that <c>left_eye</c> and <c>right_eye</c> are both an <c>eye</c>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; set; }

    /// <summary>The control: for each word the one whose map is scored on its points. Default: see
    /// <see cref="KeyPointDescription.SwappedQueries"/>.</summary>
    public IReadOnlyDictionary<string, string>? SwappedWords { get; set; }

    /// <summary>The largest number of rows, without missing images, in the order of <c>images</c>. Default <see langword="null"/>: all.</summary>
    public int? Limit { get; set; }

    /// <summary>
    /// Whether images are read where links in their folder lead out of it. Who can write to the folder then chooses which files are read as
    /// images. Default <see langword="false"/>: such a link is an error. A <c>file_name</c> never leaves the folder by itself.
    /// </summary>
    public bool FollowLinks { get; set; }
}
