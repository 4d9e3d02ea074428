using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Peers;

/// <summary>ViCrop, "MLLMs Know Where to Look" (Zhang et al., ICLR 2025): relative attention and the box around it.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class ViCropTests
{
    private const string Peer = "mllms_know";

    public static IEnumerable<object[]> Cases => PeerCase.Of(Peer, "rel_golden.npy");

    public static IEnumerable<object[]> BoxCases => PeerCase.Of(Peer, "boxes.npy");

    public static IEnumerable<object[]> CropCases => PeerCase.Of(Peer, "img0_in_crop.npy");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void RelativeAttentionAndItsBoxesAreTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        int layer = each.Number("layer");
        foreach (string form in each.Arrays("attn_general_").Select(array => array["attn_general_".Length..]))
        {
            float[] map = LayerMean(each.Read($"attn_{form}"), layer);
            MapContrasts.Apply(MapContrast.DividedByNeutral, map, LayerMean(each.Read($"attn_general_{form}"), layer));
            each.Close($"rel_{form}", map);
        }

        int[] size = each.Numbers("image_size");
        IReadOnlyList<int> shape = each.Read("rel_golden").Shape;
        MapGrid grid = new(shape[0], shape[1]);
        foreach (string array in each.Arrays("box_"))
        {
            int end = array.LastIndexOf('_');
            string name = array["box_".Length..end];
            float[]? map =
                each.Has(name) ? each.Read(name).Floats()
                : name == "attn_mean" ? AllMean(each.Read("attn_golden"))
                : null;
            if (map is not null)
            {
                each.Equal(array, each.Read(array).Doubles(), Box(map, Whole(size, grid), int.Parse(array[(end + 1)..]), asReleased: true));
            }
        }

        each.Complete();
    }

    /// <summary>
    /// Their scripts run the model in bfloat16, which rounds in another order than ours: by no more than three times what it moves theirs.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void InBFloat16RelativeAttentionIsWithinWhatThatMoves(string folder)
    {
        const string array = "rel_golden_bf16";
        PeerCase each = new(Peer, folder);
        if (!each.Has(array))
        {
            Assert.Inconclusive($"{folder} has no {array}.");
        }

        float[] stored = each.Read(array).Floats();
        float[] exact = each.Read("rel_golden").Floats();
        int layer = each.Number("layer");
        if (Map(folder, each, "ids_golden", layer) is not { } map || Map(folder, each, "ids_general_golden", layer) is not { } general)
        {
            Assert.Inconclusive("The checkpoint is not there.");
            return;
        }

        MapContrasts.Apply(MapContrast.DividedByNeutral, map, general);
        each.Close(array, stored, map, 3 * stored.Zip(exact).Max(pair => Math.Abs(pair.First - (double)pair.Second)) / stored.Max());
        each.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(BoxCases))]
    public void BoxesOfAllSizesAreTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        NpyFile maps = each.Read("maps");
        MapGrid grid = new(maps.Shape[1], maps.Shape[2]);
        int[] sizes = each.Numbers("sizes");
        int[] sides = each.Numbers("bbox_sizes");
        foreach ((string array, bool asReleased) in new[] { ("boxes", true), ("boxes_at_least_one_cell", false) })
        {
            List<double> actual = [];
            for (int map = 0; map < maps.Shape[0]; map++)
            {
                for (int size = 0; size < sizes.Length / 2; size++)
                {
                    foreach (int side in sides)
                    {
                        actual.AddRange(
                            Box(maps.Floats().AsSpan(map * grid.Cells, grid.Cells), Whole(sizes.AsSpan(2 * size), grid), side, asReleased)
                        );
                    }
                }
            }

            each.Equal(array, each.Read(array).Doubles(), actual);
        }

        each.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(CropCases))]
    public void WithACropTheBoxLiesInIt(string folder)
    {
        PeerCase each = new(Peer, folder);
        foreach (string array in each.Arrays("").Where(name => name.EndsWith("_in_crop", StringComparison.Ordinal)))
        {
            // Which checkpoint the boxes were made with is not said: one with a CLIP tower, whose cells fill the crop.
            string image = array[..^"_in_crop".Length];
            if (each.Beside($"llava-clip-mistral_{image}_q1") is not { } map)
            {
                continue;
            }

            NpyFile relative = map.Read("rel_golden");
            int[] size = map.Numbers("image_size");
            MapGrid grid = new(relative.Shape[0], relative.Shape[1]);

            // The middle square to the pixel; a processor's rounding would move it.
            int side = size.Min();
            var geometry = ImageGeometry.Place(
                size[0],
                size[1],
                side,
                side,
                (1, 1),
                (-((size[0] - side) / 2), -((size[1] - side) / 2)),
                grid,
                (double)side / grid.Width,
                (double)side / grid.Height
            );
            each.Equal(
                array,
                each.Read(array).Doubles(),
                Box(relative.Floats(), geometry, each.Number($"{image}_bbox"), asReleased: false)
            );
            each.Equal(
                $"{image}_theirs",
                each.Read($"{image}_theirs").Doubles(),
                Box(relative.Floats(), Whole(size, grid), each.Number($"{image}_bbox"), asReleased: true)
            );
        }

        each.Complete();
    }

    /// <summary>The mean of a layer's heads at the last token of a prompt, by the model in bfloat16.</summary>
    private static float[]? Map(string folder, PeerCase each, string ids, int layer)
    {
        int[] all = each.Numbers(ids);
        int start = each.ImageStart(ids, each.Read("rel_golden").Count);
        CaptureOptions options = new()
        {
            Fit = ImageFit.Native,
            Row = QueryRow.LastPromptToken,
            Flow = null,
            PrefixTokenIds = [.. all.Take(start)],
        };
        AttentionCapture? capture = PeerModel.Capture(
            folder,
            options,
            (_, image) => new AttentionQuery { Name = ids, TokenIds = [.. all.Skip(start + image.Span.Ids.Count)] },
            ModelPrecision.BFloat16
        );
        if (capture is null)
        {
            return null;
        }

        int cells = capture.Prompt.Grid.Cells;
        int length = capture.Prompt.Model.Heads * cells;
        float[] mean = new float[cells];
        HeadMean.Of(capture.FineAttention.AsSpan(layer * length, length), mean);
        return mean;
    }

    /// <summary>The map laid over the whole image.</summary>
    private static ImageGeometry Whole(ReadOnlySpan<int> size, MapGrid grid) =>
        ImageGeometry.Create(ImageFit.Stretch, size[0], size[1], grid.Width, grid.Height, grid, 1, 1);

    private static double[] Box(ReadOnlySpan<float> map, in ImageGeometry geometry, int side, bool asReleased)
    {
        WindowRegion rule = new() { Side = side, EmptyWindowsAsReleased = asReleased };
        bool[] region = new bool[map.Length];
        rule.Mark(map, geometry, region);
        return rule.Box(map, geometry, region) is { } box ? [box.Left, box.Top, box.Right, box.Bottom] : [];
    }

    /// <summary>The mean of one layer's heads.</summary>
    private static float[] LayerMean(NpyFile attention, int layer)
    {
        int length = attention.Shape[1] * attention.Shape[2];
        float[] mean = new float[attention.Shape[2]];
        HeadMean.Of(attention.Floats().AsSpan(layer * length, length), mean);
        return mean;
    }

    private static float[] AllMean(NpyFile attention)
    {
        float[] mean = new float[attention.Shape[2]];
        HeadMean.Of(attention.Floats(), mean);
        return mean;
    }
}
