using MLNetGrounding.Maths.Faithfulness;

namespace MLNetGrounding.Models.Faithfulness;

/// <summary>Computes insertion and deletion curves of one image and answer.</summary>
/// <param name="image">The image.</param>
/// <param name="score">Scores images of the image's size, several at a time.</param>
/// <param name="options">The settings.</param>
internal sealed class FaithfulnessMeter(
    RgbImage image,
    Func<IReadOnlyList<RgbImage>, IReadOnlyList<double>> score,
    FaithfulnessOptions options
)
{
    private readonly byte[] _hidden = image.HiddenPixels(options.Baseline);

    /// <summary>The steps of a map.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">How the image lies under the grid.</param>
    public PixelSteps StepsOf(IReadOnlyList<float> map, ImageGeometry geometry)
    {
        float[] cells = [.. map];
        return options.ByCells
            ? PixelSteps.OfCells(cells, geometry)
            : PixelSteps.Descending(MapEnlargement.Bilinear(cells, geometry), options.Steps);
    }

    /// <summary>The curves of several orders of the same image's pixels; the whole image and the hidden one are scored once.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="progress">Is told the share of the images that were scored.</param>
    /// <param name="cancellationToken">Looked at between images.</param>
    public IReadOnlyList<FaithfulnessCurves> Measure(
        IReadOnlyList<PixelSteps> orders,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        // Ends of curves are two images, whatever the order.
        List<(int Order, int Step, bool Inserts)> places = [(-1, 0, false), (-1, 0, true)];
        for (int order = 0; order < orders.Count; order++)
        {
            int steps = orders[order].Shares.Count - 1;
            places.AddRange(Enumerable.Range(1, steps - 1).SelectMany(step => new[] { (order, step, true), (order, step, false) }));
        }

        Dictionary<(int, int, bool), double> scores = [];
        foreach ((int Order, int Step, bool Inserts)[] group in places.Chunk(options.ImagesAtATime))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RgbImage[] images =
            [
                .. group.Select(place =>
                    place.Order < 0
                        ? place.Inserts
                            ? Of(_hidden)
                            : image
                        : Changed(orders[place.Order], place.Step, place.Inserts)
                ),
            ];
            IReadOnlyList<double> scored = score(images);
            for (int index = 0; index < group.Length; index++)
            {
                scores.Add(group[index], scored[index]);
            }

            progress?.Report((double)scores.Count / places.Count);
        }

        double whole = scores[(-1, 0, false)];
        double hidden = scores[(-1, 0, true)];
        return
        [
            .. orders.Select(
                (steps, order) =>
                {
                    double[] insertion = Curve(order, inserts: true, hidden, whole);
                    double[] deletion = Curve(order, inserts: false, whole, hidden);
                    return new FaithfulnessCurves
                    {
                        Shares = steps.Shares,
                        Insertion = insertion,
                        Deletion = deletion,
                        InsertionArea = steps.Area(insertion),
                        DeletionArea = steps.Area(deletion),
                        Settings = options.ToString(),
                    };
                }
            ),
        ];

        double[] Curve(int order, bool inserts, double first, double last) =>
            [first, .. Enumerable.Range(1, orders[order].Shares.Count - 2).Select(step => scores[(order, step, inserts)]), last];
    }

    /// <summary>The image of which only the first steps' pixels are shown, or they alone are hidden.</summary>
    private RgbImage Changed(PixelSteps steps, int step, bool inserts)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        byte[] changed = pixels.ToArray();
        foreach (int pixel in inserts ? steps.After(step) : steps.First(step))
        {
            _hidden.AsSpan(3 * pixel, 3).CopyTo(changed.AsSpan(3 * pixel));
        }

        return Of(changed);
    }

    private RgbImage Of(byte[] pixels) => new(image.Width, image.Height, pixels);
}
