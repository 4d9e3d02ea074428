using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>How the family's processor prepares images.</summary>
/// <param name="Pixels">How pixels are resized and normalized.</param>
/// <param name="LongestEdge">The longer edge that images are resized to first.</param>
/// <param name="Splits">Whether images that are larger than a tile are cut.</param>
internal sealed record SmolVlmImageSettings(PixelSettings Pixels, int LongestEdge, bool Splits)
{
    /// <summary>The longest edge that the processor resizes to, whatever its settings say.</summary>
    public const int Largest = 4096;

    private const string Key = "longest_edge";
    private const int DefaultTile = 364;
    private const int DefaultLongestEdge = 4 * DefaultTile;

    private static readonly IReadOnlyList<double> Halves = [0.5, 0.5, 0.5];

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="side">Side of the vision tower's input, which the file must agree with.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static SmolVlmImageSettings Read(string directory, int side)
    {
        JsonSettings settings = CheckpointSettings.ImageProcessor(directory);
        settings.Ignore("do_pad", "video_sampling");
        int tile = Edge(settings, "max_image_size", DefaultTile);
        if (tile != side)
        {
            throw settings.Wrong("max_image_size", $"a {Key} of {side}, the size of the vision tower's input, was expected, found {tile}");
        }

        return new SmolVlmImageSettings(
            PixelSettings.Read(settings, Halves, Halves, ResampleFilter.Lanczos),
            Edge(settings, "size", DefaultLongestEdge),
            settings.Flag("do_image_splitting", true)
        );
    }

    private static int Edge(JsonSettings settings, string key, int otherwise) =>
        settings.TrySection(key) is { } size ? size.Int(Key, 1, 1 << 24) : otherwise;
}
