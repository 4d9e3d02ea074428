using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Peers;

/// <summary>LocalizationHeads (Kang et al., CVPR 2025): both releases of its authors' code.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class LocalizationHeadsTests
{
    private const string Peer = "LocalizationHeads";

    // The release takes its thresholds as they are on every grid, and ranks a head without a component first.
    private static readonly LocalizationHeadOptions August = new() { ThresholdCells = null, WithoutComponent = ScatteredHeads.First };

    // As GroundingMethods.LocalizationHeads states it.
    private static readonly GaussianSmoothing Blur = new() { KernelSize = 9, Border = MapBorder.Mirrored };

    public static IEnumerable<object[]> Samples => PeerCase.Of(Peer, "new_selected_table.npy");

    public static IEnumerable<object[]> Joined => PeerCase.Of(Peer, "theirs_combined.npy");

    public static IEnumerable<object[]> Selections => PeerCase.Of(Peer, "names.json");

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void HeadsMapMaskAndBoxAreTheReleases(string folder)
    {
        PeerCase sample = new(Peer, folder);
        var attention = Attention.Of(sample.Read("attn"));
        IReadOnlyList<RankedHead> ranked = attention.Rank(August);
        sample.Close("elbow_value", [(float)AttentionElbow.Of(attention.Sums())]);
        sample.Close("new_selected_table", Table(ranked, attention.Heads));

        float[] map = Sum(attention, ranked.Take(August.HeadsPerSample).Select(head => head.Head));
        sample.Close("new_combined_top5", map);

        int[] size = sample.Numbers("image_size");
        MapGrid grid = attention.Grid;
        var geometry = ImageGeometry.Create(ImageFit.Stretch, size[0], size[1], grid.Width, grid.Height, grid, 1, 1);
        bool[] region = new bool[grid.Cells];
        MeanRegion rule = new();
        rule.Mark(map, geometry, region);
        sample.Equal("new_mask", sample.Read("new_mask").Bytes(), [.. region.Select(cell => (byte)(cell ? 1 : 0))]);

        int[] cells = [.. Enumerable.Range(0, grid.Cells).Where(cell => region[cell])];
        sample.Equal(
            "new_bbox_grid",
            sample.Numbers("new_bbox_grid"),
            [
                cells.Min(cell => cell % grid.Width),
                cells.Min(cell => cell / grid.Width),
                cells.Max(cell => cell % grid.Width),
                cells.Max(cell => cell / grid.Width),
            ]
        );

        // Theirs are the first and last pixel, both of the box.
        PixelRectangle box = rule.Box(map, geometry, region)!.Value;
        sample.Equal(
            "new_bbox_image",
            sample.Numbers("new_bbox_image"),
            [(int)box.Left, (int)box.Top, (int)(box.Right - 1), (int)(box.Bottom - 1)]
        );

        float[] pixels = new float[size[0] * size[1]];
        MapEnlargement.Enlarge(Array.ConvertAll(region, cell => cell ? 1f : 0), geometry, pixels);
        sample.Equal("new_mask_image", sample.Bits("new_mask_image", size[0]), Array.ConvertAll(pixels, value => value > 0.5f));
        sample.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void EntropiesOfJuneAreTheReleasesOnceMended(string folder)
    {
        PeerCase sample = new(Peer, folder);
        var attention = Attention.Of(sample.Read("attn"));
        NpyFile table = sample.Read("old_mended_table");
        double[] stored = table.Doubles();
        int columns = table.Shape[1];
        double[] sums = attention.Sums();
        double elbow = AttentionElbow.Of(sums);
        List<float> expected = [];
        List<float> actual = [];
        for (int row = 0; row < table.Shape[0]; row++)
        {
            ReadOnlySpan<double> line = stored.AsSpan(row * columns, columns);
            int head = ((int)line[0] * attention.Heads) + (int)line[1];
            AttendedPlaces places = SpatialEntropy.Of(
                attention.Map(head),
                attention.Grid.Height,
                attention.Grid.Width,
                LocalizationHeadOptions.June2025
            );
            expected.Add((float)line[2]);
            actual.Add((float)sums[head]);
            if (double.IsFinite(line[3]))
            {
                expected.AddRange([(float)line[3], (float)line[5]]);
                actual.AddRange([(float)places.Entropy, places.Components]);
            }
            else if (sums[head] >= elbow)
            {
                // Infinite for a head below the elbow, which is not analyzed, and for one without a component.
                expected.Add(0);
                actual.Add(places.Components);
            }
        }

        sample.Close("old_mended_table", [.. expected], [.. actual]);
        sample.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(Joined))]
    public void BlurredHeadsAddUpToTheReleasesMap(string folder)
    {
        if (folder.Length == 0)
        {
            Assert.Inconclusive("Set the environment variable GROUNDING_DATA to a folder that holds golden2/peers.");
        }

        PeerCase joined = new(Peer, folder);
        PeerCase sample = joined.Beside(folder[..folder.LastIndexOf('_')])!;
        var attention = Attention.Of(sample.Read("attn"));
        NpyFile heads = joined.Read("heads");
        long[] stored = heads.Longs();
        float[] map = Sum(
            attention,
            Enumerable
                .Range(0, heads.Shape[0])
                .Select(row => (int)((stored[row * heads.Shape[1]] * attention.Heads) + stored[(row * heads.Shape[1]) + 1]))
        );
        joined.Close("theirs_combined", map);
        joined.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(Selections))]
    public void SelectionsOfEverySampleAreTheReleases(string folder)
    {
        PeerCase set = new(Peer, folder);
        string[] names = set.Texts("names");
        foreach (
            (string array, LocalizationHeadOptions options) in new[]
            {
                ("code_2025-08_top5", August),
                ("code_2025-08_top10", August with { HeadsPerSample = 10 }),
                ("code_2025-06_mended", LocalizationHeadOptions.June2025),
            }
        )
        {
            bool[] stored = set.Read(array).Booleans();
            int length = stored.Length / names.Length;
            List<bool> expected = [];
            List<bool> actual = [];
            for (int index = 0; index < names.Length; index++)
            {
                if (AttentionOf(set, names[index], index) is { } attention)
                {
                    bool[] selected = new bool[length];
                    LocalizationHeads.Select(
                        attention.Maps,
                        attention.Layers,
                        attention.Heads,
                        attention.Grid.Height,
                        attention.Grid.Width,
                        options,
                        selected
                    );
                    expected.AddRange(stored.AsSpan(index * length, length));
                    actual.AddRange(selected);
                }
            }

            set.Equal(array, expected, actual);
        }

        set.Complete();
    }

    /// <summary>A sample's attention lies with the selection or in a folder of its own, if it is there.</summary>
    private static Attention? AttentionOf(PeerCase set, string name, int index)
    {
        if (set.Has("attn"))
        {
            return Attention.Of(set.Read("attn"), index);
        }

        return set.Beside(set.Folder.Replace("_selection", "_" + name, StringComparison.Ordinal)) is { } sample && sample.Has("attn")
            ? Attention.Of(sample.Read("attn"))
            : null;
    }

    /// <summary>Layer, head, attention sum, entropy, bottom-row flag, which no head that is left has, and number of components.</summary>
    private static float[] Table(IReadOnlyList<RankedHead> ranked, int heads) =>
        [
            .. ranked.SelectMany(head =>
                (float[])[head.Head / heads, head.Head % heads, (float)head.Sum, (float)head.Entropy, 0, head.Components]
            ),
        ];

    private static float[] Sum(Attention attention, IEnumerable<int> heads)
    {
        float[] sum = new float[attention.Grid.Cells];
        foreach (int head in heads)
        {
            float[] map = attention.Map(head).ToArray();
            Blur.Apply(map, attention.Grid.Height, attention.Grid.Width);
            for (int cell = 0; cell < sum.Length; cell++)
            {
                sum[cell] += map[cell];
            }
        }

        return sum;
    }

    /// <summary>One row's attention over the image.</summary>
    private sealed record Attention(float[] Maps, int Layers, int Heads, MapGrid Grid)
    {
        /// <param name="stored"><c>[layers, heads, 1, cells]</c>, or several of them.</param>
        /// <param name="index">Which of several.</param>
        public static Attention Of(NpyFile stored, int index = 0)
        {
            int[] shape = [.. stored.Shape.TakeLast(4)];
            int length = shape[0] * shape[1] * shape[3];
            int side = (int)Math.Round(Math.Sqrt(shape[3]));
            return new Attention(stored.Floats()[(index * length)..((index + 1) * length)], shape[0], shape[1], new MapGrid(side, side));
        }

        public ReadOnlySpan<float> Map(int head) => Maps.AsSpan(head * Grid.Cells, Grid.Cells);

        public double[] Sums()
        {
            double[] sums = new double[Layers * Heads];
            for (int head = 0; head < sums.Length; head++)
            {
                sums[head] = (float)SpatialEntropy.Sum(Map(head));
            }

            return sums;
        }

        public IReadOnlyList<RankedHead> Rank(LocalizationHeadOptions options) =>
            LocalizationHeads.Rank(Maps, Layers, Heads, Grid.Height, Grid.Width, options);
    }
}
