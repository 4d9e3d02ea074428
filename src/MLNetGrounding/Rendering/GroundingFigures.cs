using System.Globalization;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Rendering;
using MLNetGrounding.Results;

namespace MLNetGrounding;

/// <summary>
/// The figures of "Can Large Vision Language Models Ground Fine-Grained Attribute?" for any image: layers (figures 4 and 6), heads (5 and
/// 7), mask and maps, and all queries (8); and the question, for those who see one for the first time. Each map is scaled between its own minimum and maximum. The caller disposes the figures.
/// </summary>
public static class GroundingFigures
{
    private const string Mean = "mean of all heads";

    /// <summary>
    /// Writes a figure as a PNG file with quick settings: figures are large, and packing one takes longer than drawing it. The file is
    /// larger than <see cref="MLImage.Save"/> makes it, and written several times as fast.
    /// </summary>
    /// <param name="figure">A figure, or any other image.</param>
    /// <param name="path">The file to write; one that is there is replaced once the new one is whole.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The pixel format is neither Bgra32 nor Rgba32.</exception>
    public static void Save(MLImage figure, string path)
    {
        ArgumentNullException.ThrowIfNull(figure);
        PngFile.Save(figure, path);
    }

    /// <summary>The map of each layer for one query (figures 4 and 6).</summary>
    /// <param name="image">An image with its <see cref="GroundedImage.Layers"/>.</param>
    /// <param name="query">The query's name.</param>
    /// <param name="options">How it looks, or <see langword="null"/> for the defaults.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="ArgumentException">There is no such query, or the image lacks the layers.</exception>
    public static MLImage Layers(GroundedImage image, string query, GroundingFigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = Checked(options);
        GroundedLayers layers = LayersOf(image);
        int queryIndex = image.IndexOf(query);
        bool selected = options.LayerMaps == LayerMapSource.HeadSelection;
        if (selected && layers.LayerMaps.IsEmpty)
        {
            throw new ArgumentException(
                $"'{image.Name}' has no layer maps. Set {nameof(GroundedLayers)}.{nameof(GroundedLayers.LayerMaps)}, or {nameof(GroundingFigureOptions)}.{nameof(GroundingFigureOptions.LayerMaps)} to {LayerMapSource.MeanOfHeads}."
            );
        }

        using var panels = new FigurePanels(image, options);
        for (int layer = 0; layer < layers.Layers; layer++)
        {
            if (selected)
            {
                ReadOnlySpan<float> map = GroundedImage.Slice(
                    GroundedImage.Slice(layers.LayerMaps.Span, image.Queries.Count, queryIndex),
                    layers.Layers,
                    layer
                );
                int kept = layers.KeptHeads.IsEmpty ? -1 : Kept(layers, image.Queries.Count, queryIndex, layer);
                panels.Add(
                    map,
                    $"layer {layer}",
                    kept < 0 ? PanelMark.None
                        : kept == 0 ? PanelMark.Dropped
                        : PanelMark.None,
                    kept < 0 ? Peak(map) : $"{kept} of {layers.Heads} heads kept"
                );
            }
            else
            {
                float[] map = MeanOf(HeadsOf(image, layers, queryIndex, layer), layers.Heads);
                panels.Add(map, $"layer {layer}", PanelMark.None, Peak(map));
            }
        }

        return panels.Arrange(
            $"\u201c{query}\u201d by layer",
            Subtitle(image, selected ? Joined(options.HeadSelection.HeadAggregation) : Mean)
        );
    }

    /// <summary>
    /// Every head of a layer for one query, with its entropy and compactness, whether it was kept, and if not why (figures 5 and 7).
    /// </summary>
    /// <param name="image">An image with its <see cref="GroundedImage.Layers"/>.</param>
    /// <param name="query">The query's name.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="options">How it looks, or <see langword="null"/> for the defaults.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="ArgumentException">There is no such query, or the image lacks the layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public static MLImage Heads(GroundedImage image, string query, int layer, GroundingFigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = Checked(options);
        GroundedLayers layers = LayersOf(image);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, layers.Layers);
        int queryIndex = image.IndexOf(query);
        ReadOnlySpan<float> heads = HeadsOf(image, layers, queryIndex, layer);
        HeadVerdict[] verdicts = HeadVerdict.Of(
            heads,
            layers.Heads,
            image.Grid,
            options.HeadSelection,
            KeptHeadsOf(layers, image.Queries.Count, queryIndex, layer)
        );

        using var panels = new FigurePanels(image, options);
        for (int head = 0; head < layers.Heads; head++)
        {
            HeadVerdict verdict = verdicts[head];
            panels.Add(
                GroundedImage.Slice(heads, layers.Heads, head),
                $"head {head}: {(verdict.Kept ? "kept" : "dropped")}",
                verdict.Kept ? PanelMark.Kept : PanelMark.Dropped,
                string.Create(CultureInfo.InvariantCulture, $"entropy {verdict.Entropy:0.00}, compactness {verdict.Compactness:0.00}"),
                verdict.Kept ? "" : verdict.Reason(options.HeadSelection)
            );
        }

        int kept = verdicts.Count(verdict => verdict.Kept);
        return panels.Arrange($"\u201c{query}\u201d, heads of layer {layer}", Subtitle(image, $"{kept} of {layers.Heads} heads kept"));
    }

    /// <summary>The coarse word's mask beside the image and the final maps of all queries.</summary>
    /// <param name="image">An image with its <see cref="GroundedImage.CoarseMask"/>.</param>
    /// <param name="options">How it looks, or <see langword="null"/> for the defaults.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="ArgumentException">The image lacks the mask.</exception>
    public static MLImage MaskAndMaps(GroundedImage image, GroundingFigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = Checked(options);
        if (image.CoarseMask.IsEmpty)
        {
            throw new ArgumentException(
                $"'{image.Name}' has no coarse mask. Set {nameof(GroundedImage)}.{nameof(GroundedImage.CoarseMask)}.",
                nameof(image)
            );
        }

        using var panels = new FigurePanels(image, options);
        panels.AddImage();
        panels.Add(image.CoarseMask.Span, "coarse mask", PanelMark.Kept);
        panels.AddQueries();
        return panels.Arrange("Coarse mask and fine maps", Subtitle(image, image.Methods.Count > 1 ? image.Methods[0].Method : ""));
    }

    /// <summary>The final maps of all queries, with their regions and key points (figure 8).</summary>
    /// <param name="image">An image.</param>
    /// <param name="options">How it looks, or <see langword="null"/> for the defaults.</param>
    /// <returns>The figure.</returns>
    public static MLImage Queries(GroundedImage image, GroundingFigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = Checked(options);
        using var panels = new FigurePanels(image, options);
        panels.AddImage();
        panels.AddQueries();
        return panels.Arrange("Final maps", Subtitle(image, image.Methods.Count > 1 ? image.Methods[0].Method : ""));
    }

    /// <summary>
    /// What grounding is, in three panels: the image, the question, and where the model looks as a map, with the box of the region's largest
    /// part.
    /// </summary>
    /// <param name="image">An image.</param>
    /// <param name="query">The query's name.</param>
    /// <param name="question">What was asked, or <see langword="null"/>: "Where is the ...?" with the query's name.</param>
    /// <param name="options">How it looks, or <see langword="null"/> for the defaults.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="ArgumentException">There is no such query, or its map could not be computed.</exception>
    public static MLImage Question(GroundedImage image, string query, string? question = null, GroundingFigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = Checked(options);
        ReadOnlySpan<float> map = image.MapOf(0, image.IndexOf(query));
        if (!RowValues.AreFinite(map))
        {
            throw new ArgumentException($"'{image.Name}' has no map of '{query}': it could not be computed.", nameof(query));
        }

        using var plain = new GroundingOverlay(image.Image, image.Geometry, options.PlainLook);
        using var grounded = new GroundingOverlay(image.Image, image.Geometry, options.PanelLook);
        grounded.DrawMap(map);
        if (BoxOf(map, options.RegionThreshold, image.Geometry) is { } box)
        {
            grounded.DrawBox((float)box.Left, (float)box.Top, (float)(box.Right - box.Left), (float)(box.Bottom - box.Top));
        }

        using MLImage first = plain.ToImage();
        using MLImage last = grounded.ToImage();
        using MLImage card = QuestionCard.Draw(
            question ?? $"Where is the {query}?",
            first.Width,
            first.Height,
            FigureColors.Of(options.Theme)
        );
        return ContactSheet.Arrange(
            [
                new ContactSheetPanel(first, "An image"),
                new ContactSheetPanel(card, "a question"),
                new ContactSheetPanel(last, "and where the model looks"),
            ],
            new ContactSheetOptions { Columns = 3, Theme = options.Theme }
        );
    }

    /// <summary>The box of the largest part of a map's region as far as it is inside the image, or nothing.</summary>
    private static (double Left, double Top, double Right, double Bottom)? BoxOf(
        ReadOnlySpan<float> map,
        double threshold,
        in ImageGeometry geometry
    )
    {
        bool[] region = new bool[map.Length];
        bool[] largest = new bool[map.Length];
        Region.Threshold(map, threshold, region);
        ConnectedComponents.Largest(region, geometry.Grid.Height, geometry.Grid.Width, Connectivity.Four, largest);
        (double left, double top, double right, double bottom) = (double.MaxValue, double.MaxValue, 0, 0);
        for (int cell = 0; cell < largest.Length; cell++)
        {
            if (largest[cell])
            {
                (double cellLeft, double cellTop, double cellRight, double cellBottom) = geometry.CellToPixels(
                    cell / geometry.Grid.Width,
                    cell % geometry.Grid.Width
                );
                (left, top) = (Math.Min(left, Math.Max(cellLeft, 0)), Math.Min(top, Math.Max(cellTop, 0)));
                right = Math.Max(right, Math.Min(cellRight, geometry.ImageWidth));
                bottom = Math.Max(bottom, Math.Min(cellBottom, geometry.ImageHeight));
            }
        }

        return left < right && top < bottom ? (left, top, right, bottom) : null;
    }

    private static GroundingFigureOptions Checked(GroundingFigureOptions? options)
    {
        options ??= new GroundingFigureOptions();
        options.Validate();
        return options;
    }

    private static GroundedLayers LayersOf(GroundedImage image) =>
        image.Layers
        ?? throw new ArgumentException(
            $"'{image.Name}' has no attention by layer and head. Set {nameof(GroundedImage)}.{nameof(GroundedImage.Layers)}.",
            nameof(image)
        );

    private static ReadOnlySpan<float> HeadsOf(GroundedImage image, GroundedLayers layers, int query, int layer) =>
        GroundedImage.Slice(GroundedImage.Slice(layers.FineAttention.Span, image.Queries.Count, query), layers.Layers, layer);

    private static ReadOnlySpan<float> KeptHeadsOf(GroundedLayers layers, int queries, int query, int layer) =>
        layers.KeptHeads.IsEmpty
            ? []
            : GroundedImage.Slice(GroundedImage.Slice(layers.KeptHeads.Span, queries, query), layers.Layers, layer);

    private static int Kept(GroundedLayers layers, int queries, int query, int layer)
    {
        ReadOnlySpan<float> kept = KeptHeadsOf(layers, queries, query, layer);
        return kept.Length - kept.Count(0f);
    }

    private static string Joined(HeadAggregation aggregation) =>
        aggregation == HeadAggregation.Maximum ? "maximum over the kept heads" : "kept heads joined";

    private static float[] MeanOf(ReadOnlySpan<float> heads, int count)
    {
        float[] mean = new float[heads.Length / count];
        for (int index = 0; index < heads.Length; index++)
        {
            mean[index % mean.Length] += heads[index] / count;
        }

        return mean;
    }

    private static string Peak(ReadOnlySpan<float> map) =>
        string.Create(CultureInfo.InvariantCulture, $"largest value {Numbers.Range(map, nameof(map)).Maximum:0.####}");

    private static string Subtitle(GroundedImage image, string what) =>
        string.Join(", ", ((string[])[image.Name, what]).Where(part => part.Length > 0));
}
