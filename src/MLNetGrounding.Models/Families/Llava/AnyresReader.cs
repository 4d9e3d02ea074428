using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tiles;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Reads the tiles of the family's relatives.</summary>
internal static class AnyresReader
{
    private const string Key = "image_grid_pinpoints";
    private const int MostTilesAlong = 64;

    /// <summary>Reads the resolutions and what the image processor says.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="root">Its <c>config.json</c>.</param>
    /// <param name="settings">What else it says.</param>
    /// <param name="otherwise">The resolutions where none are stated.</param>
    /// <param name="mostTiles">From about how many tiles on features are made fewer, or <see langword="null"/>.</param>
    /// <exception cref="CheckpointException">A setting is wrong, or the files contradict each other.</exception>
    public static AnyresSettings Read(
        string directory,
        JsonSettings root,
        LlavaSettings settings,
        IReadOnlyList<(int Height, int Width)> otherwise,
        int? mostTiles
    )
    {
        LlavaSettingsReader.RequirePatches(root, settings);
        int side = settings.Vision.ImageSize;
        IReadOnlyList<(int Height, int Width)>? model = Resolutions(root, side);
        JsonSettings processor = CheckpointSettings.ImageProcessor(directory);
        IReadOnlyList<(int Height, int Width)>? images = Resolutions(processor, side);
        if (!(images ?? otherwise).SequenceEqual(model ?? otherwise))
        {
            throw processor.Wrong(
                Key,
                $"the resolutions of {Path.GetFileName(root.FilePath)} were expected, found others; take both files from the same model"
            );
        }

        return new AnyresSettings
        {
            Resolutions = RequireTiles(root, model ?? otherwise, side),
            Side = side,
            PatchSize = settings.Vision.PatchSize,
            Cells = settings.Vision.Side,
            MostTiles = mostTiles,
            ImageTokenId = settings.ImageTokenId,
            Pixels = SquareImageSettings.ReadViews(directory, side),
        };
    }

    private static IReadOnlyList<(int Height, int Width)>? Resolutions(JsonSettings settings, int side)
    {
        if (settings.TryGet(Key) is not { } value)
        {
            return null;
        }

        List<(int, int)> resolutions = [];
        foreach (JsonElement pair in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(settings, value, side))
        {
            if (
                pair.ValueKind != JsonValueKind.Array
                || pair.GetArrayLength() != 2
                || !IsLength(pair[0], out int height)
                || !IsLength(pair[1], out int width)
            )
            {
                throw Wrong(settings, value, side);
            }

            resolutions.Add((height, width));
        }

        return resolutions.Count > 0 ? RequireTiles(settings, resolutions, side) : throw Wrong(settings, value, side);
    }

    private static IReadOnlyList<(int Height, int Width)> RequireTiles(
        JsonSettings settings,
        IReadOnlyList<(int Height, int Width)> resolutions,
        int side
    ) =>
        resolutions.All(each => IsTiled(each.Height, side) && IsTiled(each.Width, side))
            ? resolutions
            : throw settings.Wrong(
                Key,
                $"sides that are 1 to {MostTilesAlong} times {side}, the size of the vision tower's input, were expected, found {string.Join(", ", resolutions)}"
            );

    private static bool IsTiled(int length, int side) => length % side == 0 && length / side is >= 1 and <= MostTilesAlong;

    private static bool IsLength(JsonElement value, out int length)
    {
        length = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out length);
    }

    private static CheckpointException Wrong(JsonSettings settings, JsonElement value, int side) =>
        settings.Wrong(Key, $"pairs of height and width in pixels, multiples of {side}, were expected, found {StrictJson.Shown(value)}");
}
