using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;
using static MLNetGrounding.Methods.GoldenMethods;

namespace MLNetGrounding.Methods;

/// <summary>What peers add to a capture: sinks of image and text, token activation, layers that a model states.</summary>
[TestClass]
public sealed class PeerMethodTests
{
    private const string Case = "img0_crop";

    private static readonly MLContext ML = new(seed: 1);

    private static int Cells => Golden.Prompt.ImageTokens;

    [TestMethod]
    public void SinksAreRedistributedAsPublished()
    {
        // The tiny checkpoint has no huge elements; a low threshold makes some tokens sinks.
        AttentionSinkRemoval removal = AttentionSinkRemoval.Published with
        {
            Dimensions = [3, 17, 40],
            Threshold = 0.2,
        };
        MethodGrounderOptions options = Options(ImageFit.Crop, GroundingMethods.AllHeadsMean with { SinkRemoval = removal });
        AttentionQuery query = options.Queries![0] with { Role = QueryRole.Fine };
        options.Queries = [query];
        float[] map = Ground(ML, options, "img0").Vectors("GroundingMaps.AllHeadsMean")[0];

        NpyFile states = Golden.Expected(Case, "q0_hidden_states");
        double[] values = states.Doubles();
        (int tokens, int width) = (states.Shape[1], states.Shape[2]);
        double[][][,] attention = GoldenMethods.Attention(Case, 0);
        (int start, int row) = (Golden.Prompt.ImageStart, Golden.Prompt.TargetPositions[0]);
        double[] expected = new double[Cells];
        int changed = 0;
        for (int layer = 0; layer < attention.Length; layer++)
        {
            bool IsSink(int token)
            {
                double[] state = values[(((layer * tokens) + token) * width)..(((layer * tokens) + token + 1) * width)];
                return removal.Dimensions!.Max(element => Math.Abs(state[element])) / Math.Sqrt(state.Sum(value => value * value))
                    > removal.Threshold;
            }

            int[] visual = [.. Enumerable.Range(start, Cells)];
            int[] sinks = [.. Enumerable.Range(0, tokens).Where(IsSink)];
            int[] free = [.. visual.Except(sinks)];
            foreach (double[,] head in attention[layer])
            {
                double Sum(IEnumerable<int> some) => some.Sum(token => head[row, token]);
                double picture = Sum(visual);
                bool isChanged =
                    layer >= 2 && sinks.Intersect(visual).Any() && Sum(sinks.Intersect(visual)) <= 0.5 * picture && picture >= 0.2;
                changed += isChanged ? 1 : 0;
                foreach (int token in visual)
                {
                    double value = head[row, token];
                    if (isChanged)
                    {
                        value = sinks.Contains(token) ? 0.6 * value : value + (0.4 * Sum(sinks) * value / Sum(free));
                    }

                    expected[token - start] += value / (attention.Length * attention[layer].Length);
                }
            }
        }

        Assert.IsTrue(changed is > 0 and < 16, $"{changed} heads");
        AssertClose(expected, map[..Cells], "redistributed", relative: 1e-4);
    }

    [TestMethod]
    public void TokenActivationIsThatOfTheCaptureFiltered()
    {
        IDataView data = Ground(ML, Options(ImageFit.Crop, GroundingMethods.Tam, GroundingMethods.AllHeadsMean), "img0");
        float[] maps = data.Vectors("GroundingMaps.Tam")[0];
        float[] mean = data.Vectors("GroundingMaps.AllHeadsMean")[0];
        using VisionLanguageModel model = Load();
        MethodGrounderOptions options = Options(ImageFit.Crop, GroundingMethods.Tam);
        PreparedPrompt prompt = model.Prepare(
            options.Queries!,
            options.Capture with
            {
                Flow = null,
                Row = QueryRow.WordMean,
                Observers = [new TokenActivationObserver(QueryRow.WordMean)],
            }
        );
        AttentionCapture capture = Capture(model, prompt);
        MapGrid grid = model.Info.Grid;
        for (int fine = 0; fine < Fine.Length; fine++)
        {
            float[] expected = capture.Observations[0].AsSpan(Fine[fine] * Cells, Cells).ToArray();
            GroundingMethods.Tam.RankFilter!.Apply(expected, grid.Height, grid.Width);
            AssertClose(
                [.. expected.Select(value => (double)value)],
                maps[(fine * Cells)..((fine + 1) * Cells)],
                $"query {fine}",
                relative: 1e-5
            );
            Difference.IsMoreThanRounding(mean[(fine * Cells)..((fine + 1) * Cells)], expected);
        }
    }

    [TestMethod]
    public void TheRankFilterIsAPostProcessOfAnyMethod()
    {
        GroundingMethod filtered = GroundingMethods.DecAf with
        {
            Name = "Filtered",
            RankFilter = new() { Size = 5 },
        };
        IDataView data = Ground(ML, Options(ImageFit.Crop, GroundingMethods.DecAf, filtered), "img0");
        float[] expected = data.Vectors("GroundingMaps.DecAf")[0][..Cells];
        filtered.RankFilter!.Apply(expected, 4, 4);
        CollectionAssert.AreEqual(expected, data.Vectors("GroundingMaps.Filtered")[0][..Cells]);
    }

    [TestMethod]
    public void ALayerThatTheModelStatesIsReadInsteadOfADepth()
    {
        using VisionLanguageModel model = Load();
        GroundingMethod[] methods = [GroundingMethods.ViCrop];
        MethodGrounderOptions options = Options(ImageFit.Crop, methods);
        var plan = CapturePlan.Of(methods, QueryRow.WordMean);
        PreparedPrompt prompt = model.Prepare(options.QueriesFor(plan), plan.CaptureOf(options.Capture));
        AttentionCapture capture = Capture(model, prompt);
        float[] Map(MeanAttentionGrounding method, int? layer)
        {
            float[] maps = new float[Fine.Length * Cells];
            ModelInfo info = model.Info with { PublishedLayers = new PublishedLayers { RelativeAttention = layer } };
            Assert.IsNull(method.Ground(CapturedAttention.IfFinite(capture, plan, info)!, maps));
            return maps;
        }

        MeanAttentionGrounding last = GroundingMethods.ViCrop with
        {
            FirstLayerDepth = 1,
            LastLayerDepth = 1,
            PrefersPublishedLayer = false,
        };
        CollectionAssert.AreEqual(Map(last, null), Map(GroundingMethods.ViCrop, 3));
        Difference.IsMoreThanRounding(Map(last, null), Map(GroundingMethods.ViCrop, null));
        CollectionAssert.AreEqual(
            Map(GroundingMethods.ViCrop, null),
            Map(GroundingMethods.ViCrop with { PrefersPublishedLayer = false }, 3)
        );
    }

    [TestMethod]
    public void TokenActivationExplainsAWordAndReadsNoSinks()
    {
        foreach (
            GroundingMethod wrong in new GroundingMethod[]
            {
                GroundingMethods.Tam with
                {
                    Row = null,
                },
                GroundingMethods.Tam with
                {
                    Row = QueryRow.LastPromptToken,
                },
                GroundingMethods.Tam with
                {
                    SinkRemoval = new(),
                },
                GroundingMethods.Tam with
                {
                    RankFilter = new() { Size = 2 },
                },
            }
        )
        {
            Assert.Throws<ArgumentException>(() => ML.Transforms.GroundByMethods(Options(ImageFit.Crop, wrong)));
        }
    }

    private static VisionLanguageModel Load() =>
        VisionLanguageModel.Load(Golden.Checkpoint, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 });

    private static AttentionCapture Capture(VisionLanguageModel model, PreparedPrompt prompt)
    {
        using MLImage image = ImageFile.Load(ImagePath("img0"));
        return model.Capture(ImageFile.ToRgb(image), prompt);
    }
}
