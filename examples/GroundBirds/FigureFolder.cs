using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace GroundBirds;

/// <summary>
/// The paper's figures of the first images, a folder for each: all queries, the coarse mask, and for each query the question in three
/// panels, its layers and the heads of each layer.
/// </summary>
internal sealed class FigureFolder(string directory, int images, GroundingFigureOptions options)
{
    /// <summary>Three panels have room to be large.</summary>
    private const int QuestionEdge = 560;

    private int _remaining = images;

    /// <summary>Draws and writes the figures of an image on all cores, if it is one of those that get them.</summary>
    public void Add(int imageId, GroundedImage image)
    {
        if (_remaining == 0)
        {
            return;
        }

        _remaining--;
        string folder = Path.Combine(directory, PictureNames.Of(imageId, image.Name));
        Directory.CreateDirectory(folder);
        List<(string Name, Func<MLImage> Draw)> figures =
        [
            ("queries", () => GroundingFigures.Queries(image, options)),
            ("mask-and-maps", () => GroundingFigures.MaskAndMaps(image, options)),
        ];
        foreach ((string query, string name) in image.Queries.Zip(PictureNames.Of(image.Queries)))
        {
            figures.Add(
                ($"{name}-question", () => GroundingFigures.Question(image, query, options: options with { PanelEdge = QuestionEdge }))
            );
            figures.Add(($"{name}-layers", () => GroundingFigures.Layers(image, query, options)));
            figures.AddRange(
                Enumerable
                    .Range(0, image.Layers!.Layers)
                    .Select(layer =>
                        ($"{name}-heads-{layer:00}", (Func<MLImage>)(() => GroundingFigures.Heads(image, query, layer, options)))
                    )
            );
        }

        try
        {
            Parallel.ForEach(
                figures,
                figure =>
                {
                    using MLImage picture = figure.Draw();
                    GroundingFigures.Save(picture, Path.Combine(folder, figure.Name + ".png"));
                }
            );
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }
}
