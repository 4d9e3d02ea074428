using MLNetGrounding.Maths.Heads;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>The sums over images, against means of what each head's map alone gives, computed plainly.</summary>
[TestClass]
public sealed class HeadSumsTests
{
    private const int Layers = 3;
    private const int Heads = 4;
    private const double Share = 0.05;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TheyAreMeansOfEachHeadAlone(bool keptIsGiven)
    {
        var random = new Random(keptIsGiven ? 11 : 12);
        var options = new HeadSelectionOptions();
        var scene = new ScoringScene(new Random(2));
        (MapGrid grid, int cells) = (scene.Grid, scene.Grid.Cells);
        Assert.IsGreaterThan(30, cells);
        var sums = new HeadSums(Layers, Heads, options, Share);
        int count = Layers * Heads;
        List<(float[] Maps, float[] Kept, bool Scored)> images = [];
        for (int image = 0; image < 25; image++)
        {
            float[] maps = new float[count * cells];
            for (int head = 0; head < count; head++)
            {
                FuzzedMaps.Fill(random, maps.AsSpan(head * cells, cells), grid.Width);
            }
            // No larger than attention is, and one of them without a place.
            for (int index = 0; index < maps.Length; index++)
            {
                maps[index] = Math.Clamp(maps[index], 0, 1);
            }
            maps.AsSpan(0, cells).Fill(0.5f);
            float[] kept = keptIsGiven ? [.. Enumerable.Range(0, count).Select(_ => random.Next(2))] : [];
            bool scored = image % 4 != 0;
            sums.Add(maps, grid, kept, scene.Annotated.FrameFractions, scored ? scene.Annotated.Points(0) : []);
            images.Add((maps, kept, scored));
        }

        Assert.AreEqual(images.Count, sums.Images);
        Assert.AreEqual(images.Count(image => image.Scored), sums.Scored);
        Assert.IsTrue(double.IsNaN(sums.SpatialEntropyOf(0, 0)));
        var order = new CellOrder(cells);
        for (int layer = 0; layer < Layers; layer++)
        {
            LayerSelection[] plain = images
                .Select(image =>
                    PlainHeadSelection.Of(
                        image.Maps[(layer * Heads * cells)..((layer + 1) * Heads * cells)],
                        Heads,
                        grid.Height,
                        grid.Width,
                        options
                    )
                )
                .ToArray();
            for (int head = 0; head < Heads; head++)
            {
                int index = layer * Heads + head;
                float[] MapOf(float[] maps) => maps[(index * cells)..((index + 1) * cells)];
                double kept = keptIsGiven
                    ? images.Average(image => (double)image.Kept[index])
                    : plain.Average(selection => selection.Kept[head] ? 1 : 0);
                Assert.AreEqual(kept, sums.Kept(layer, head), 1e-12);
                Assert.AreEqual(plain.Average(selection => selection.Entropy[head]), sums.Entropy(layer, head), 1e-5);
                Assert.AreEqual(plain.Average(selection => selection.Compactness[head]), sums.Compactness(layer, head), 1e-9);
                double[] places =
                [
                    .. images
                        .Select(image => ScatteredMass.Entropy(MapOf(image.Maps), grid.Height, grid.Width, new LocalizationHeadOptions()))
                        .Where(double.IsFinite),
                ];
                if (places.Length > 0)
                {
                    Assert.AreEqual(places.Average(), sums.SpatialEntropyOf(layer, head), 1e-9);
                }
                double hits = images
                    .Where(image => image.Scored)
                    .Average(image =>
                        FixedArea.Score(order.Of(MapOf(image.Maps)), scene.Annotated.FrameFractions, scene.Annotated.Points(0), Share).Hit
                            ? 1.0
                            : 0
                    );
                Assert.AreEqual(hits, sums.HitRate(layer, head), 1e-12);
            }
        }
    }

    [TestMethod]
    public void WithoutPointsNothingIsScored()
    {
        var sums = new HeadSums(1, 1, new HeadSelectionOptions(), Share);

        sums.Add([0, 1, 0, 0], new MapGrid(2, 2), [], [], []);

        Assert.AreEqual(0, sums.Scored);
        Assert.IsTrue(double.IsNaN(sums.HitRate(0, 0)));
        Assert.AreEqual(1, sums.Kept(0, 0));
    }
}
