using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

[TestClass]
public sealed class CaptureTests
{
    private const float Tolerance = 2e-6f;

    private static readonly GoldenPrompt Prompt = GoldenData.TinyA.Prompt;

    [TestMethod]
    public void SuffixesTogetherEqualSuffixesOneByOne()
    {
        AttentionCapture together = TinyACapture.Run(GoldenData.TinyA.Checkpoint);
        for (int query = 0; query < Prompt.Suffixes.Length; query++)
        {
            AttentionCapture alone = TinyACapture.Run(GoldenData.TinyA.Checkpoint, queries: [GoldenQueries.Query(Prompt, query)]);
            int fine = Array.IndexOf(Prompt.FineQueries, query);
            if (fine < 0)
            {
                TinyACapture.Near(together.CoarseAttention, alone.CoarseAttention, Tolerance, "coarse attention");
                TinyACapture.Near(together.CoarseFlow, alone.CoarseFlow, Tolerance, "coarse flow");
            }
            else
            {
                int length = alone.FineAttention.Length;
                TinyACapture.Near(together.FineAttention.AsSpan(fine * length, length), alone.FineAttention, Tolerance, $"query {query}");
                Assert.IsEmpty(alone.CoarseFlow);
            }

            TinyACapture.Near(together.SuffixLogits[query], alone.SuffixLogits[0], 10 * Tolerance, $"logits {query}");
        }
    }

    [TestMethod]
    public void OrderOfQueriesOnlyOrdersTheResults()
    {
        AttentionCapture forward = TinyACapture.Run(GoldenData.TinyA.Checkpoint);
        AttentionCapture backward = TinyACapture.Run(GoldenData.TinyA.Checkpoint, queries: [.. GoldenQueries.All(Prompt).Reverse()]);
        int queries = Prompt.FineQueries.Length;
        int length = forward.FineAttention.Length / queries;
        for (int query = 0; query < queries; query++)
        {
            TinyACapture.Near(
                forward.FineAttention.AsSpan(query * length, length),
                backward.FineAttention.AsSpan((queries - 1 - query) * length, length),
                Tolerance,
                $"query {query}"
            );
        }

        TinyACapture.Near(forward.CoarseFlow, backward.CoarseFlow, Tolerance, "coarse flow");
    }

    [TestMethod]
    public void ManyQueriesAreSplitIntoChunks()
    {
        // 60 queries of 3 to 9 tokens exceed one chunk; the same tokens under other names must give the same maps.
        AttentionQuery[] many =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(index => GoldenQueries.Query(Prompt, Prompt.FineQueries[index % 4]) with { Name = $"{index}" }),
        ];
        AttentionCapture capture = TinyACapture.Run(GoldenData.TinyA.Checkpoint, queries: many);
        AttentionCapture few = TinyACapture.Run(GoldenData.TinyA.Checkpoint);
        int length = few.FineAttention.Length / 4;
        for (int index = 0; index < many.Length; index++)
        {
            TinyACapture.Near(
                few.FineAttention.AsSpan(index % 4 * length, length),
                capture.FineAttention.AsSpan(index * length, length),
                Tolerance,
                $"copy {index}"
            );
        }
    }

    [TestMethod]
    public void SubTokensAreAveraged()
    {
        AttentionQuery query = GoldenQueries.Query(Prompt, 2);
        float[] Row(params int[] positions) =>
            TinyACapture.Run(GoldenData.TinyA.Checkpoint, queries: [query with { TokenPositions = positions }]).FineAttention;
        float[] mean = [.. Row(1).Zip(Row(3), (first, second) => (first + second) / 2)];
        TinyACapture.Near(mean, Row(1, 3), Tolerance, "mean of two rows");
    }

    [TestMethod]
    public void RolesAreKeptApart()
    {
        AttentionQuery[] queries =
        [
            .. GoldenQueries
                .All(Prompt)
                .Select(
                    (query, index) =>
                        query with
                        {
                            Role = new[] { QueryRole.Coarse, QueryRole.Neutral, QueryRole.Fine, QueryRole.Background, QueryRole.Fine }[
                                index
                            ],
                        }
                ),
        ];
        AttentionCapture mixed = TinyACapture.Run(GoldenData.TinyA.Checkpoint, queries: queries);
        AttentionCapture plain = TinyACapture.Run(GoldenData.TinyA.Checkpoint);
        int length = plain.FineAttention.Length / 4;
        TinyACapture.Near(plain.FineAttention.AsSpan(0, length), mixed.NeutralAttention, Tolerance, "neutral");
        TinyACapture.Near(plain.FineAttention.AsSpan(2 * length, length), mixed.BackgroundAttention, Tolerance, "background");
        TinyACapture.Near(plain.FineAttention.AsSpan(length, length), mixed.FineAttention.AsSpan(0, length), Tolerance, "fine");
    }

    [TestMethod]
    public void ObserversSeeTheWholeAttention()
    {
        // Rows of the full matrices must sum to one and hold the maps that the model hands out.
        FullAttention observer = new();
        AttentionCapture capture = TinyACapture.Run(
            GoldenData.TinyA.Checkpoint,
            change: options => options with { Observers = [observer] }
        );
        NpyFile expected = GoldenData.TinyA.Expected("img0_pad", "q3_attn");
        TinyACapture.Near(expected.Floats(), capture.Observations[0], 2e-5, "full attention of query 3");
    }

    [TestMethod]
    [DataRow(FlowHeads.AllMean)]
    [DataRow(FlowHeads.AllMaximum)]
    public void FlowOfAllHeadsFollowsTheStoredAttention(FlowHeads heads)
    {
        AttentionCapture capture = TinyACapture.Run(
            GoldenData.TinyA.Checkpoint,
            change: options => options with { Flow = new CoarseFlowOptions { Heads = heads } }
        );
        NpyFile attention = GoldenData.TinyA.Expected("img0_pad", $"q{Prompt.CoarseQuery}_attn");
        float[] values = attention.Floats();
        (int layers, int headCount, int tokens) = (attention.Shape[0], attention.Shape[1], attention.Shape[3]);
        int m = capture.Prompt.FlowTokens;
        float[] flow = new float[layers * m * m];
        float[] sums = new float[layers * m];
        for (int layer = 0; layer < layers; layer++)
        {
            for (int row = 0; row < m; row++)
            {
                for (int column = 0; column < tokens; column++)
                {
                    IEnumerable<float> all = Enumerable
                        .Range(0, headCount)
                        .Select(head => values[((layer * headCount + head) * tokens + Prompt.ImageStart + row) * tokens + column]);
                    float value = heads == FlowHeads.AllMean ? all.Average() : all.Max();
                    sums[layer * m + row] += value;
                    if (column >= Prompt.ImageStart && column < Prompt.ImageStart + m)
                    {
                        flow[(layer * m + row) * m + column - Prompt.ImageStart] = value;
                    }
                }
            }
        }

        TinyACapture.Near(flow, capture.CoarseFlow, 2e-5, "flow");
        TinyACapture.Near(sums, capture.FlowRowSums, 1e-4, "row sums");
    }

    [TestMethod]
    [DataRow(FlowHeads.KeptMaximum)]
    [DataRow(FlowHeads.AllMean)]
    public void HeadsJoinedOnTheDeviceEqualHeadsJoinedInMemory(FlowHeads heads)
    {
        CoarseFlowOptions flow = new() { Heads = heads };
        AttentionCapture capture = TinyACapture.Run(
            GoldenData.TinyA.Checkpoint,
            change: options => options with { Flow = flow, Observers = [new FlowJoinedOnDevice(flow)] }
        );
        TinyACapture.Near(capture.CoarseFlow, capture.Observations[0].AsSpan(0, capture.CoarseFlow.Length), 2e-7, "flow");
        TinyACapture.Near(capture.FlowRowSums, capture.Observations[0].AsSpan(capture.CoarseFlow.Length), 2e-6, "row sums");
    }

    [TestMethod]
    public void CancellationStopsBetweenLayers()
    {
        using var model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        using CancellationTokenSource source = new();
        List<int> seen = [];
        LayerProbe watch = new(attention =>
        {
            seen.Add(attention.Layer);
            if (attention.Layer == 1)
            {
                source.Cancel();
            }
        });
        PreparedPrompt prompt = model.Prepare(GoldenQueries.All(Prompt), GoldenQueries.Options(Prompt) with { Observers = [watch] });
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            model.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt, source.Token)
        );
        CollectionAssert.AreEqual(new[] { 0, 1 }, seen);
    }

    [TestMethod]
    public void SharedHandlesKeepTheWeightsAlive()
    {
        var first = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        using VisionLanguageModel second = first.Share();
        first.Dispose();
        first.Dispose();
        PreparedPrompt prompt = second.Prepare(GoldenQueries.All(Prompt), GoldenQueries.Options(Prompt));
        Assert.AreEqual(4 * 4 * 4 * 16, second.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt).FineAttention.Length);
        Assert.ThrowsExactly<ObjectDisposedException>(first.Share);
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt));
    }

    [TestMethod]
    public void AHandleThatIsDisposedDuringACaptureEndsAfterIt()
    {
        var model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        PreparedPrompt prompt = model.Prepare(
            GoldenQueries.All(Prompt),
            GoldenQueries.Options(Prompt) with
            {
                Observers = [new LayerProbe(_ => model.Dispose())],
            }
        );
        RgbImage image = Pictures.Decode(GoldenData.TinyA.Image("img0_pad"));
        float[] expected = TinyACapture.Run(GoldenData.TinyA.Checkpoint).FineAttention;
        CollectionAssert.AreEqual(expected, model.Capture(image, prompt).FineAttention);
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Capture(image, prompt));
    }

    [TestMethod]
    public void APromptOfAnotherArchitectureIsRefused()
    {
        using TemporaryFolder folder = new();
        string other = new CheckpointCopy(GoldenData.TinyA.Checkpoint).Write(
            folder.Path + "/other",
            configure: node => node["text_config"]!["rms_norm_eps"] = 0.5
        );
        using var model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        using var otherModel = VisionLanguageModel.Load(other);
        PreparedPrompt prompt = otherModel.Prepare(GoldenQueries.All(Prompt), GoldenQueries.Options(Prompt));
        Assert.ThrowsExactly<ArgumentException>(() => model.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt));
    }

    [TestMethod]
    public void AttentionThatIsNotFiniteIsHandedOnAsNaN()
    {
        using var model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        PreparedPrompt prompt = model.Prepare(
            GoldenQueries.All(Prompt),
            GoldenQueries.Options(Prompt) with
            {
                Observers = [new CoarseMaskObserver(new(), [new()])],
            }
        );
        PreparedImage image = model.Preprocess(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt);
        Array.Fill(image.Values, float.PositiveInfinity);
        AttentionCapture capture = model.CapturePreprocessed(image, prompt, CancellationToken.None);
        foreach (float[] values in new[] { capture.FineAttention, capture.CoarseAttention, capture.CoarseFlow, capture.Observations[0] })
        {
            Assert.IsNotEmpty(values);
            Assert.IsTrue(Array.TrueForAll(values, float.IsNaN));
        }
    }

    [TestMethod]
    public void HeadsOutsideTheModelAreRefused()
    {
        ArgumentOutOfRangeException? refused = null;
        LayerProbe probe = new(attention =>
            refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => attention.ReadProbabilities(0, heads: [99]))
        );
        TinyACapture.Run(GoldenData.TinyA.Checkpoint, change: options => options with { Observers = [probe] });
        Assert.AreEqual("heads", refused?.ParamName);
    }

    [TestMethod]
    public void ModelsSurviveTheCallersDisposeScope()
    {
        VisionLanguageModel model;
        using (NewDisposeScope())
        {
            model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        }

        PreparedPrompt prompt = model.Prepare(GoldenQueries.All(Prompt), GoldenQueries.Options(Prompt));
        Assert.IsNotEmpty(model.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt).FineAttention);
        model.Dispose();
    }

    [TestMethod]
    public void SeveralThreadsShareOneModel()
    {
        using var model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        PreparedPrompt prompt = model.Prepare(GoldenQueries.All(Prompt), GoldenQueries.Options(Prompt));
        RgbImage image = Pictures.Decode(GoldenData.TinyA.Image("img0_pad"));
        float[] expected = model.Capture(image, prompt).FineAttention;
        float[][] results = new float[16][];
        Parallel.For(0, results.Length, index => results[index] = model.Capture(image, prompt).FineAttention);
        foreach (float[] result in results)
        {
            TinyACapture.Near(expected, result, Tolerance, "parallel capture");
        }
    }

    private sealed class FlowJoinedOnDevice(CoarseFlowOptions options) : ILayerObserver
    {
        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) =>
            new Recorder(CoarseFlowRecorder.Begin(prompt, options, model, new CaptureMemory()));

        private sealed class Recorder(CoarseFlowRecorder flow) : ILayerRecorder
        {
            public void Observe(LayerAttention attention) => flow.Observe(attention, onDevice: true);

            public float[] Complete() => [.. flow.Flow, .. flow.RowSums];
        }
    }

    private sealed class LayerProbe(Action<LayerAttention> see) : ILayerObserver
    {
        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(see);

        private sealed class Recorder(Action<LayerAttention> see) : ILayerRecorder
        {
            public void Observe(LayerAttention attention) => see(attention);

            public float[] Complete() => [];
        }
    }

    private sealed class FullAttention : ILayerObserver
    {
        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder();

        private sealed class Recorder : ILayerRecorder
        {
            private readonly List<float> _values = [];

            public void Observe(LayerAttention attention) => _values.AddRange(attention.ReadProbabilities(query: 3));

            public float[] Complete() => [.. _values];
        }
    }
}
