namespace MLNetGrounding;

/// <summary>Which rows of a CUB-200-2011 folder are loaded.</summary>
public sealed class CubLoaderOptions
{
    /// <summary>The split. Default <see cref="CubSplit.All"/>.</summary>
    public CubSplit Split { get; set; }

    /// <summary>
    /// The classes, each as its number (<c>17</c>), its name (<c>Cardinal</c>) or as CUB writes it (<c>017.Cardinal</c>); case does not
    /// matter and a space stands for an underscore. Default <see langword="null"/>: all.
    /// </summary>
    public IReadOnlyCollection<string>? Classes { get; set; }

    /// <summary>
    /// The largest number of rows, counted after the other filters and without missing images, in the order of <c>images.txt</c>, which
    /// goes class by class. Default <see langword="null"/>: no limit.
    /// </summary>
    public int? Limit { get; set; }

    /// <summary>
    /// Whether images and part masks are read where links inside the folder lead out of it, as on shared storage, where <c>images/</c>
    /// itself, the folders of classes or single files are links. Who can write to the folder then chooses which files are read as images.
    /// Default <see langword="false"/>: such a link is an error. Paths in <c>images.txt</c> never leave the folder by themselves.
    /// </summary>
    public bool FollowLinks { get; set; }
}
