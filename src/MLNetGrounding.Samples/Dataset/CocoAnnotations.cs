using System.Text.Json;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// Collects boxes and key points in the form of COCO's key point annotations.
/// </summary>
internal sealed class CocoAnnotations(string category, IReadOnlyList<string> keyPoints)
{
    private const int Visible = 2;

    private readonly List<object> _images = [];
    private readonly List<object> _annotations = [];

    public void Add(string file, SampleFigure figure)
    {
        int id = _images.Count + 1;
        SampleBox box = figure.BoundingBox;
        _images.Add(
            new
            {
                id,
                file_name = file,
                width = figure.Width,
                height = figure.Height,
            }
        );
        _annotations.Add(
            new
            {
                id,
                image_id = id,
                category_id = 1,
                bbox = new[] { box.X, box.Y, box.Width, box.Height },
                area = figure.PartLabels.Count(label => label != 0),
                iscrowd = 0,
                num_keypoints = figure.KeyPoints.Count(point => point.Visible),
                keypoints = figure.KeyPoints.SelectMany(point => new[] { point.X, point.Y, point.Visible ? Visible : 0 }),
            }
        );
    }

    public void Write(string path)
    {
        var file = new
        {
            images = _images,
            annotations = _annotations,
            categories = new[]
            {
                new
                {
                    id = 1,
                    name = category,
                    keypoints = keyPoints,
                },
            },
        };
        File.WriteAllText(path, JsonSerializer.Serialize(file) + "\n");
    }
}
