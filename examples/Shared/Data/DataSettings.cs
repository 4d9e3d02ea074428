using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace MLNetGrounding.Examples;

/// <summary>Which images the command line asks for.</summary>
internal sealed record DataSettings
{
    /// <summary>A CUB_200_2011 folder, or null for sample birds.</summary>
    public string? Cub { get; init; }

    /// <summary>A JSON file of COCO key points, or null.</summary>
    public string? Coco { get; init; }

    /// <summary>A CSV file of key points, or null.</summary>
    public string? Points { get; init; }

    /// <summary>The folder that the images of <see cref="Coco"/> or <see cref="Points"/> are below; null for the file's own.</summary>
    public string? Images { get; init; }

    /// <summary>Whether every annotation of <see cref="Coco"/> is a row.</summary>
    public bool EachAnnotation { get; init; }

    /// <summary>Whether hidden points of <see cref="Coco"/> count as visible.</summary>
    public bool Hidden { get; init; }

    /// <summary>Images without annotations: files, folders, patterns, lists.</summary>
    public IReadOnlyList<string> Photos { get; init; } = [];

    public CubSplit Split { get; init; } = CubSplit.All;

    public int? Limit { get; init; }

    /// <summary>Whether links in the folder may lead out of it.</summary>
    public bool FollowLinks { get; init; }

    /// <summary>Whether images stay as their pixels are stored.</summary>
    public bool AsStored { get; init; }

    /// <summary>The most pixels of an image.</summary>
    public int MaxPixels { get; init; } = new ImageLoadingOptions().MaxPixels;

    /// <summary>How images are decoded.</summary>
    [JsonIgnore]
    public ImageLoadingOptions Loading => new() { AsStored = AsStored, MaxPixels = MaxPixels };

    /// <summary>Whether the images are drawn, because none are named.</summary>
    [JsonIgnore]
    public bool IsSample => Cub is null && Coco is null && Points is null && Photos.Count == 0;

    /// <summary>The same, with every path from the root on.</summary>
    public DataSettings WithFullPaths() =>
        this with
        {
            Cub = Full(Cub),
            Coco = Full(Coco),
            Points = Full(Points),
            Images = Full(Images),
            Photos = [.. Photos.Select(path => Full(path)!)],
        };

    /// <summary>Opens the rows that are named; sample birds are no files yet.</summary>
    public IDataView Load(MLContext context) =>
        this switch
        {
            { Cub: { } cub } => context.Data.LoadCub(cub, Options),
            { Coco: { } coco } => context.Data.LoadCocoKeyPoints(
                coco,
                Images!,
                new CocoLoaderOptions
                {
                    RowPerAnnotation = EachAnnotation,
                    HiddenPointsCount = Hidden,
                    Limit = Limit,
                    FollowLinks = FollowLinks,
                }
            ),
            { Points: { } points } => context.Data.LoadKeyPoints(
                points,
                new KeyPointFileOptions
                {
                    ImageDirectory = Images,
                    Limit = Limit,
                    FollowLinks = FollowLinks,
                }
            ),
            _ => throw new InvalidOperationException("No annotated images are named."),
        };

    /// <summary>What tells the rows from others: paths, and of annotations in one file what it holds.</summary>
    [JsonIgnore]
    public string Identity
    {
        get
        {
            string name =
                Cub is not null ? Path.GetFullPath(Cub)
                : (Coco ?? Points) is { } file
                    ? $"{Path.GetFullPath(file)} ({HashOf(file)}){(Images is null ? "" : $", images in {Path.GetFullPath(Images)}")}"
                : string.Join(", ", Photos.Select(Path.GetFullPath));
            return $"{name}{(EachAnnotation ? ", each annotation" : "")}{(Hidden ? ", hidden points too" : "")}";
        }
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static string HashOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return $"sha256 {Convert.ToHexStringLower(SHA256.HashData(stream))[..16]}";
    }

    [JsonIgnore]
    public CubLoaderOptions Options =>
        new()
        {
            Split = Split,
            Limit = Limit,
            FollowLinks = FollowLinks,
        };
}
