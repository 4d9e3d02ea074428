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
}
