using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Golden.Peers;

/// <summary>DecAF (Han et al., ICLR 2026), the path of one frame: from rollout rows to contrast, mask and points.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class DecAfTests
{
    private const string Peer = "DecAF";

    private const string RolloutRow = "_rollout_last_row";

    private static readonly GaussianSmoothing Blur = new();

    // As GroundingMethods.DecAf states it.
    private static readonly TokenFlowObserver Flow = new(
        new TokenFlowOptions
        {
            Heads = HeadWeighting.LargestVisualKey,
            Form = TokenFlowForm.Halved,
            FirstLayerDepth = 0.5,
        },
        QueryRow.LastPromptToken,
        TokenFlowRoles.Fine
    );

    public static IEnumerable<object[]> Cases => PeerCase.Of(Peer, "same_contrast.npy");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ContrastMaskAndPointsAreTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        IReadOnlyList<int> shape = each.Read("same_contrast").Shape;
        MapGrid grid = new(shape[0], shape[1]);
        float[] map = Smoothed(each, "q1", grid);
        float[] background = Smoothed(each, "background", grid);
        each.Close("same_smooth_object", map);
        each.Close("same_smooth_background", background);
        MapContrasts.Apply(MapContrast.MinusBackground, map, background);
        each.Close("same_contrast", map);
        each.Close("same_normalised", Scaled(map));

        string mask = each.Arrays("same_otsu_mask_").Single();
        int[] size = [.. mask["same_otsu_mask_".Length..].Split('x').Select(int.Parse)];
        var image = ImageGeometry.Create(ImageFit.Stretch, size[1], size[0], grid.Width, grid.Height, grid, 1, 1);
        bool[] pixels = new bool[size[0] * size[1]];
        OtsuRegion.Mask(map, image, pixels);
        each.Equal(mask, each.Bits(mask, size[1]), pixels);

        // Theirs are shares of the image.
        var unit = ImageGeometry.Create(ImageFit.Stretch, grid.Width, grid.Height, grid.Width, grid.Height, grid, 1, 1);
        float[] points =
        [
            .. new PointsRegion()
                .Points(map, unit)
                .SelectMany(point => (float[])[(float)(point.X / grid.Width), (float)(point.Y / grid.Height)]),
        ];
        each.Close("same_points", points);
        each.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void RolloutRowsAreTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        IReadOnlyList<int> shape = each.Read("same_contrast").Shape;
        MapGrid grid = new(shape[0], shape[1]);
        foreach (string array in each.Arrays("").Where(name => name.EndsWith(RolloutRow, StringComparison.Ordinal)))
        {
            string prompt = array[..^RolloutRow.Length];
            int start = each.ImageStart(prompt + "_ids", grid.Cells);
            int[] ids = each.Numbers(prompt + "_ids");
            float[] row = each.Read(array).Floats();
            if (each.Has(prompt + "_attn"))
            {
                // No flow returns from the tokens before the image, which are not followed.
                each.Close(array, row.AsSpan(start), new StoredAttention(each.Read(prompt + "_attn"), ids, start, grid).ObserveRow(Flow));
            }
            else if (PeerModel.Observe(folder, ids, start, Flow) is { } flow)
            {
                // Over the visual tokens, which is all that leaves the capture.
                each.Close(array, row.AsSpan(start, grid.Cells), flow);
            }
        }

        each.Complete();
    }

    private static float[] Smoothed(PeerCase each, string prompt, MapGrid grid)
    {
        float[] row = each.Read($"{prompt}_rollout_last_row").Floats();
        float[] map = row[each.ImageStart($"{prompt}_ids", grid.Cells)..][..grid.Cells];
        Blur.Apply(map, grid.Height, grid.Width);
        return map;
    }

    private static float[] Scaled(float[] map)
    {
        (float minimum, float maximum) = (map.Min(), map.Max());
        return Array.ConvertAll(map, value => maximum > minimum ? (value - minimum) / (maximum - minimum) : 0);
    }
}
