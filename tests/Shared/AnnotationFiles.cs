using System.Globalization;
using System.Text.Json;
using Microsoft.ML;

namespace MLNetGrounding.Testing;

/// <summary>Writes the annotations of a CUB folder in the other forms that are read.</summary>
internal static class AnnotationFiles
{
    /// <summary>As COCO key points; images stay where they are, below the folder's <c>images</c>.</summary>
    public static string WriteCoco(string cub, string path, CubSplit split = CubSplit.All)
    {
        List<object> images = [];
        List<object> annotations = [];
        foreach (CubRow row in Rows(cub, split))
        {
            images.Add(new { id = row.ImageId, file_name = Below(cub, row) });
            annotations.Add(
                new
                {
                    id = 1000 + row.ImageId,
                    image_id = row.ImageId,
                    category_id = 1,
                    iscrowd = 0,
                    bbox = row.BoundingBox,
                    area = row.BoundingBox[2] * row.BoundingBox[3],
                    num_keypoints = row.KeyPointVisible.Count(visible => visible > 0),
                    keypoints = Enumerable
                        .Range(0, row.KeyPointVisible.Length)
                        .SelectMany(point =>
                            row.KeyPointVisible[point] > 0
                                ? (float[])[row.KeyPoints[point * 2], row.KeyPoints[(point * 2) + 1], 2]
                                : [0, 0, 0]
                        )
                        .ToArray(),
                }
            );
        }

        var file = new
        {
            info = new { description = "the annotations of a folder in another form" },
            images,
            annotations,
            categories = new[]
            {
                new
                {
                    id = 1,
                    name = "bird",
                    keypoints = CubParts.KeyPointNames.Select(name => name.Replace(' ', '_')),
                    skeleton = new[] { new[] { 2, 6 } },
                },
            },
        };
        File.WriteAllText(path, JsonSerializer.Serialize(file));
        return path;
    }

    /// <summary>As a CSV file of points and boxes, whose words are those of the ten attributes.</summary>
    public static string WritePoints(string cub, string path, CubSplit split = CubSplit.All)
    {
        using StreamWriter file = new(path);
        file.WriteLine("image,point,x,y,width,height,visible,word,label");
        foreach (CubRow row in Rows(cub, split))
        {
            string image = $"\"{Below(cub, row)}\"";
            file.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{image},,{row.BoundingBox[0]},{row.BoundingBox[1]},{row.BoundingBox[2]},{row.BoundingBox[3]},,,\"{row.Species}\""
                )
            );
            for (int point = 0; point < row.KeyPointVisible.Length; point++)
            {
                int index = point;
                string words = string.Join(';', CubParts.KeyPointsOf.Where(word => word.Value.Contains(index)).Select(word => word.Key));
                file.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{image},{CubParts.KeyPointNames[point]},{row.KeyPoints[point * 2]},{row.KeyPoints[(point * 2) + 1]},,,{row.KeyPointVisible[point]},{words},"
                    )
                );
            }
        }

        return path;
    }

    /// <summary>The points of the ten attributes, by name.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Words { get; } =
        CubParts.KeyPointsOf.ToDictionary(
            word => word.Key,
            word => (IReadOnlyList<string>)[.. word.Value.Select(point => CubParts.KeyPointNames[point])]
        );

    private static IEnumerable<CubRow> Rows(string cub, CubSplit split)
    {
        MLContext context = new();
        return context.Data.CreateEnumerable<CubRow>(context.Data.LoadCub(cub, split), reuseRowObject: false, ignoreMissingColumns: true);
    }

    private static string Below(string cub, CubRow row) =>
        Path.GetRelativePath(Path.Combine(cub, "images"), row.ImagePath).Replace(Path.DirectorySeparatorChar, '/');
}
