using Microsoft.ML.Data;
using MLNetGrounding;

namespace GroundBirds;

/// <summary>
/// The paper's figures of the first images, a folder for each: all queries, the coarse mask, and for each query its layers and the heads of
/// each layer.
/// </summary>
internal sealed class FigureFolder(string directory, int images, GroundingFigureOptions options)
{
    private int _remaining = images;

    /// <summary>Draws and writes the figures of an image, if it is one of those that get them.</summary>
    public void Add(int imageId, GroundedImage image)
    {
        if (_remaining == 0)
        {
            return;
        }

        _remaining--;
        string folder = Path.Combine(directory, $"{imageId:00000}-{Path.GetFileNameWithoutExtension(image.Name)}");
        Directory.CreateDirectory(folder);
        Save(GroundingFigures.Queries(image, options), "queries");
        Save(GroundingFigures.MaskAndMaps(image, options), "mask-and-maps");
        foreach (string query in image.Queries)
        {
            Save(GroundingFigures.Layers(image, query, options), $"{OverlayFolder.SafeName(query)}-layers");
            for (int layer = 0; layer < image.Layers!.Layers; layer++)
            {
                Save(GroundingFigures.Heads(image, query, layer, options), $"{OverlayFolder.SafeName(query)}-heads-{layer:00}");
            }
        }

        void Save(MLImage figure, string name)
        {
            using (figure)
            {
                figure.Save(Path.Combine(folder, name + ".png"));
            }
        }
    }
}
