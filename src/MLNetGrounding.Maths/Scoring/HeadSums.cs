using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// What the heads of a model are like over many images, one query at a time: how often each is kept, how scattered and how compact its maps
/// are, and how well its map alone points. Of an image nothing is kept but these sums, so the memory is that of a few numbers a head.
/// </summary>
internal sealed class HeadSums
{
    private static readonly LocalizationHeadOptions Places = new();

    private readonly HeadSelectionOptions _selection;
    private readonly double _share;
    private readonly int[] _kept;
    private readonly int[] _hits;
    private readonly int[] _withPlaces;
    private readonly double[] _entropy;
    private readonly double[] _spatialEntropy;
    private readonly double[] _compactness;
    private readonly bool[] _keptNow;
    private readonly double[] _entropyNow;
    private readonly double[] _compactnessNow;

    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="selection">The thresholds of head selection; validated.</param>
    /// <param name="share">The share of the frame that a head's largest values get, see <see cref="FixedArea"/>.</param>
    public HeadSums(int layers, int heads, HeadSelectionOptions selection, double share)
    {
        (Layers, Heads, _selection, _share) = (layers, heads, selection, share);
        int count = checked(layers * heads);
        (_kept, _hits, _withPlaces) = (new int[count], new int[count], new int[count]);
        (_entropy, _spatialEntropy, _compactness) = (new double[count], new double[count], new double[count]);
        (_keptNow, _entropyNow, _compactnessNow) = (new bool[count], new double[count], new double[count]);
    }

    public int Layers { get; }

    public int Heads { get; }

    /// <summary>Number of images.</summary>
    public int Images { get; private set; }

    /// <summary>Number of images in which the query was scored.</summary>
    public int Scored { get; private set; }

    /// <summary>Adds the maps of an image.</summary>
    /// <param name="maps">Attention of the query, <c>[layers, heads, gridHeight, gridWidth]</c>; none negative.</param>
    /// <param name="grid">The cells of a map.</param>
    /// <param name="kept">Which heads were kept, 1 or 0, <c>[layers, heads]</c>, or empty: those that the thresholds keep.</param>
    /// <param name="frameFractions">Share of each cell inside the image, <c>[cells]</c>; not read without points.</param>
    /// <param name="points">The visible key points of the query; empty where it is not scored.</param>
    /// <exception cref="ArgumentException">A value of <paramref name="maps"/> is negative, NaN or infinite.</exception>
    public void Add(
        ReadOnlySpan<float> maps,
        MapGrid grid,
        ReadOnlySpan<float> kept,
        ReadOnlySpan<float> frameFractions,
        ReadOnlySpan<VisibleKeyPoint> points
    )
    {
        Numbers.ThrowIfLengthIsNot(_kept.Length * grid.Cells, maps.Length, "[layers, heads, gridHeight, gridWidth]", nameof(maps));
        if (!kept.IsEmpty)
        {
            Numbers.ThrowIfLengthIsNot(_kept.Length, kept.Length, "[layers, heads]", nameof(kept));
        }
        QuerySelection.Select(maps, Layers, Heads, grid, _selection, [], _keptNow, _entropyNow, _compactnessNow);
        for (int head = 0; head < _kept.Length; head++)
        {
            ReadOnlySpan<float> map = maps.Slice(head * grid.Cells, grid.Cells);
            _kept[head] += (kept.IsEmpty ? _keptNow[head] : kept[head] != 0) ? 1 : 0;
            _entropy[head] += _entropyNow[head];
            _compactness[head] += _compactnessNow[head];
            AttendedPlaces places = SpatialEntropy.Of(map, grid.Height, grid.Width, Places);
            if (places.Components > 0)
            {
                _withPlaces[head]++;
                _spatialEntropy[head] += places.Entropy;
            }
            if (!points.IsEmpty && FixedArea.IsHit(map, frameFractions, points, _share))
            {
                _hits[head]++;
            }
        }
        Images++;
        Scored += points.IsEmpty ? 0 : 1;
    }

    /// <summary>The share of images in which a head was kept; NaN without images.</summary>
    public double Kept(int layer, int head) => (double)_kept[Index(layer, head)] / Images;

    /// <summary>The mean normalized entropy; NaN without images.</summary>
    public double Entropy(int layer, int head) => _entropy[Index(layer, head)] / Images;

    /// <summary>The mean spatial entropy of the images in which the head looks at any place; NaN where there are none.</summary>
    public double SpatialEntropyOf(int layer, int head) => _spatialEntropy[Index(layer, head)] / _withPlaces[Index(layer, head)];

    /// <summary>The mean compactness; NaN without images.</summary>
    public double Compactness(int layer, int head) => _compactness[Index(layer, head)] / Images;

    /// <summary>The share of scored images in which the head's own map hits at equal area; NaN without any.</summary>
    public double HitRate(int layer, int head) => (double)_hits[Index(layer, head)] / Scored;

    private int Index(int layer, int head) => layer * Heads + head;
}
