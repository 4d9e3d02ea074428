using Microsoft.ML.Data;
using MLNetGrounding;

namespace GroundBirds;

/// <summary>
/// Pictures of the first images: a contact sheet per image (the image with its box and key points, then one picture per query in their
/// order), and a folder beside it with the picture of each query by name.
/// </summary>
internal sealed class OverlayFolder(
    string directory,
    IReadOnlyList<string> queries,
    double threshold,
    string model,
    int images,
    ImageLoadingOptions loading
)
{
    private const int SheetColumns = 4;

    private static readonly GroundingOverlayOptions Look = new() { LongEdge = 480 };

    private readonly IReadOnlyList<string> _names = PictureNames.Of(queries);
    private int _remaining = images;

    /// <summary>Whether a row is one of those that get pictures; asked once for each row.</summary>
    public bool Takes(GroundedRow row)
    {
        if (_remaining == 0 || row.Failed)
        {
            return false;
        }

        _remaining--;
        return true;
    }

    /// <summary>Draws and writes the pictures of a row. Different rows may be drawn at the same time.</summary>
    public void Draw(GroundedRow row)
    {
        string name = PictureNames.Of(row.ImageId, row.ImagePath);
        string folder = Directory.CreateDirectory(Path.Combine(directory, name)).FullName;
        var geometry = ImageGeometry.FromVector(row.Geometry);
        using MLImage image = ImageFile.Load(row.ImagePath, loading);
        using var background = new GroundingOverlay(image, geometry, Look);
        List<GroundingOverlay> pictures = [];
        try
        {
            pictures.Add(new GroundingOverlay(image, geometry, Look with { Saturation = 1, Brightness = 1 }));
            DrawAnnotations(pictures[0], row);
            for (int query = 0; query < queries.Count; query++)
            {
                GroundingOverlay overlay = background.Copy();
                pictures.Add(overlay);
                DrawQuery(overlay, row, query);
                overlay.Save(Path.Combine(folder, _names[query] + ".png"));
            }

            GroundingOverlay.SaveSheet(pictures, SheetColumns, Path.Combine(directory, name + ".png"));
        }
        finally
        {
            pictures.ForEach(picture => picture.Dispose());
        }
    }

    private void DrawAnnotations(GroundingOverlay overlay, GroundedRow row)
    {
        overlay.DrawBox(row.BoundingBox[0], row.BoundingBox[1], row.BoundingBox[2], row.BoundingBox[3]);
        for (int point = 0; point < row.KeyPointVisible.Length; point++)
        {
            if (row.KeyPointVisible[point] != 0)
            {
                overlay.DrawKeyPoint(row.KeyPoints[2 * point], row.KeyPoints[(2 * point) + 1]);
            }
        }

        overlay.DrawLabel(model);
    }

    private void DrawQuery(GroundingOverlay overlay, GroundedRow row, int query)
    {
        overlay.DrawMap(row.MapOf(query)).DrawRegion(row.MapOf(query), threshold);
        foreach (int point in BirdWords.KeyPointsOf(queries[query]))
        {
            if (row.KeyPointVisible[point] != 0)
            {
                overlay.DrawScoredKeyPoint(row.KeyPoints[2 * point], row.KeyPoints[(2 * point) + 1], row.MapOf(query), threshold);
            }
        }

        overlay.DrawLabel(queries[query]);
    }
}
