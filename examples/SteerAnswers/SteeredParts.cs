using Microsoft.ML;
using MLNetGrounding;

namespace SteerAnswers;

/// <summary>The parts that are asked about: of each image one, in turn, of which place and color are known.</summary>
internal static class SteeredParts
{
    public static IReadOnlyList<SteeredPart> Read(MLContext context, string cub, CubLoaderOptions options)
    {
        CubRow[] rows =
        [
            .. context.Data.CreateEnumerable<CubRow>(context.Data.LoadCub(cub, options), reuseRowObject: false, ignoreMissingColumns: true),
        ];
        var colors = PartColors.Read(cub, rows.Select(row => row.ImageId).ToHashSet());
        PartBoxes boxes = new(cub);
        return [.. rows.Select((row, place) => PartOf(row, place, colors, boxes)).OfType<SteeredPart>()];
    }

    /// <summary>The part whose turn it is, or the next one that can be asked about.</summary>
    private static SteeredPart? PartOf(CubRow row, int place, PartColors colors, PartBoxes boxes)
    {
        int words = CubParts.Attributes.Count;
        for (int offset = 0; offset < words; offset++)
        {
            string word = CubParts.Attributes[(place + offset) % words];
            IReadOnlyList<string> right = colors.Of(row.ImageId, word);
            if (right.Count > 0 && boxes.Of(row, word) is { } box)
            {
                return new SteeredPart(row.ImagePath, word, box, right);
            }
        }

        return null;
    }
}
