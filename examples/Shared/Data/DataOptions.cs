using System.CommandLine;

namespace MLNetGrounding.Examples;

/// <summary>The options that choose images.</summary>
internal sealed class DataOptions
{
    private readonly Option<string>? _split;

    private readonly Option<bool> _followLinks = new("--follow-links")
    {
        Description = "Read images where links in their folder lead out of it, as on shared storage.",
    };

    private readonly Option<bool> _asStored = new("--as-stored")
    {
        Description =
            "Take images as their pixels are stored, and do not turn them as their EXIF data say: for annotations that were made on the stored pixels.",
    };

    private readonly Option<int> _maxPixels = CommandOptions.Count(
        "--max-pixels",
        "The most pixels of an image that is decoded; larger ones are skipped.",
        new ImageLoadingOptions().MaxPixels,
        least: 1,
        ImageLoadingOptions.LargestMaxPixels
    );

    /// <param name="withoutCub">What there is without a CUB folder.</param>
    /// <param name="limit">What the limit limits.</param>
    /// <param name="split">What part of the split is chosen; null where both are needed.</param>
    /// <param name="splits">The parts to choose from, the default first.</param>
    /// <param name="annotations">The options of other data sets, where they are taken too.</param>
    public DataOptions(
        string withoutCub,
        string limit,
        string? split = null,
        IReadOnlyList<string>? splits = null,
        AnnotationOptions? annotations = null
    )
    {
        Annotations = annotations;
        Cub = CommandOptions.Place("--cub", "folder", $"A CUB_200_2011 folder, or the one that it was unpacked in. {withoutCub}");
        Limit = new("--limit")
        {
            CustomParser = result => CommandOptions.WholeNumber(1)(result),
            Description = $"{limit} [default: all]",
            HelpName = "images",
        };
        _split = split is null ? null : CommandOptions.Choice("--split", split, [.. splits ?? []]);
    }

    public Option<string> Cub { get; }

    public Option<int?> Limit { get; }

    public Option? Split => _split;

    /// <summary>The options of other data sets, or null where CUB's alone are taken.</summary>
    public AnnotationOptions? Annotations { get; }

    public IEnumerable<Option> All =>
        [Cub, .. Annotations?.All ?? [], _followLinks, .. _split is null ? (Option[])[] : [_split], Limit, _asStored, _maxPixels];

    public DataSettings Read(ParseResult result)
    {
        DataSettings settings = new()
        {
            Cub = result.GetValue(Cub),
            Split = _split is null ? CubSplit.All : Enum.Parse<CubSplit>(result.GetRequiredValue(_split), ignoreCase: true),
            Limit = result.GetValue(Limit),
            FollowLinks = result.GetValue(_followLinks),
            AsStored = result.GetValue(_asStored),
            MaxPixels = result.GetRequiredValue(_maxPixels),
        };
        return Annotations?.Read(result, settings) ?? settings;
    }
}
