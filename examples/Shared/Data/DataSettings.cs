namespace MLNetGrounding.Examples;

/// <summary>Which images the command line asks for.</summary>
internal sealed record DataSettings
{
    /// <summary>A CUB_200_2011 folder, or null for sample birds.</summary>
    public string? Cub { get; init; }

    public CubSplit Split { get; init; } = CubSplit.All;

    public int? Limit { get; init; }

    /// <summary>Whether links in the folder may lead out of it.</summary>
    public bool FollowLinks { get; init; }

    /// <summary>Whether images stay as their pixels are stored.</summary>
    public bool AsStored { get; init; }

    /// <summary>The most pixels of an image.</summary>
    public int MaxPixels { get; init; } = new ImageLoadingOptions().MaxPixels;

    /// <summary>How images are decoded.</summary>
    public ImageLoadingOptions Loading => new() { AsStored = AsStored, MaxPixels = MaxPixels };

    public CubLoaderOptions Options =>
        new()
        {
            Split = Split,
            Limit = Limit,
            FollowLinks = FollowLinks,
        };
}
