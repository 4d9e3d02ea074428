using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>One pass over packed queries against the slow, obvious way, on architectures that no golden data has.</summary>
[TestClass]
public sealed class EagerTwinTests
{
    private const float Tolerance = 2e-5f;

    private static readonly LlavaShape Plain = new()
    {
        TextHiddenSize = 48,
        TextIntermediateSize = 96,
        TextLayers = 3,
        TextHeads = 6,
        TextKeyValueHeads = 6,
        TextHeadSize = 8,
        VocabularySize = 512,
        ImageTokenId = 500,
        ImageSize = 84,
        PatchSize = 14,
        VisionHiddenSize = 32,
        VisionIntermediateSize = 64,
        VisionLayers = 2,
        VisionHeads = 4,
    };

    [TestMethod]
    public void FullHeads() => Check(Plain);

    [TestMethod]
    public void GroupedHeadsOfAnotherWidth() => Check(Plain with { TextKeyValueHeads = 2, TextHeadSize = 10, RopeTheta = 5e5 });

    [TestMethod]
    public void OneSharedHeadAndAnImageThatPatchesDoNotFill() =>
        Check(Plain with { TextKeyValueHeads = 1, ImageSize = 90, VisionFeatureLayer = -1, TieWordEmbeddings = true });

    private static void Check(LlavaShape configuration)
    {
        using TemporaryFolder folder = new();
        RandomCheckpoint.Write(folder.Path, configuration, seed: 3);
        using var model = VisionLanguageModel.Load(folder.Path);
        var checkpoint = SharedCheckpoint.Load(folder.Path, new VisionLanguageModelOptions());
        PreparedPrompt prompt = model.Prepare(
            [
                AttentionQuery.Fine("unheard-of"),
                AttentionQuery.Fine("wing"),
                AttentionQuery.Coarse("birdlike"),
                new AttentionQuery { Name = "general", Role = QueryRole.Neutral },
            ],
            new CaptureOptions { SuffixLogits = true }
        );
        RgbImage image = Pictures.Random(new Random(5), 130, 90);
        AttentionCapture capture = model.Capture(image, prompt);
        PreparedImage prepared = checkpoint.Images.Prepare(image, prompt.Images, CancellationToken.None);
        int mapLength = configuration.TextLayers * configuration.TextHeads * configuration.VisualTokens;
        for (int query = 0; query < prompt.Suffixes.Count; query++)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            PreparedSuffix suffix = prompt.Suffixes[query];
            (Tensor[] attention, Tensor logits) = EagerTwin.Run(
                checkpoint.Network,
                checkpoint.Info,
                prepared,
                prompt.Prefix,
                suffix.TokenIds
            );
            ReadOnlySpan<float> maps = query switch
            {
                0 => capture.FineAttention.AsSpan(0, mapLength),
                1 => capture.FineAttention.AsSpan(mapLength, mapLength),
                2 => capture.CoarseAttention,
                _ => capture.NeutralAttention,
            };
            TinyACapture.Near(Maps(attention, prompt, suffix), maps, Tolerance, $"maps of query {query}");
            TinyACapture.Near(
                logits.narrow(0, logits.shape[0] - suffix.TokenIds.Count, suffix.TokenIds.Count).ToFloats(),
                capture.SuffixLogits[query],
                20 * Tolerance,
                $"logits of query {query}"
            );
            if (suffix.Query.Role == QueryRole.Coarse)
            {
                CheckFlow(attention, capture, configuration);
            }
        }

        checkpoint.Release();
    }

    /// <summary>The mean of the queried rows over the visual tokens, <c>[layers, heads, cells]</c>.</summary>
    private static float[] Maps(Tensor[] attention, PreparedPrompt prompt, PreparedSuffix suffix)
    {
        int start = prompt.Prefix.Count;
        long[] rows = [.. suffix.Rows.Select(row => (long)(start + prompt.VisualTokens + row))];
        return stack([.. attention.Select(layer => layer.index_select(1, tensor(rows)).mean([1]).narrow(1, start, prompt.VisualTokens))])
            .ToFloats();
    }

    /// <summary>The maximum over the heads that head selection keeps for the coarse word, cut to the flow's tokens.</summary>
    private static void CheckFlow(Tensor[] attention, AttentionCapture capture, LlavaShape configuration)
    {
        int start = capture.Prompt.Prefix.Count;
        int m = capture.Prompt.FlowTokens;
        int heads = configuration.TextHeads;
        int cells = configuration.VisualTokens;
        int keptInAll = 0;
        for (int layer = 0; layer < attention.Length; layer++)
        {
            bool[] kept = new bool[heads];
            HeadSelection.Select(
                capture.CoarseAttention.AsSpan(layer * heads * cells, heads * cells),
                heads,
                configuration.Grid,
                configuration.Grid,
                new HeadSelectionOptions(),
                new float[cells],
                kept,
                new double[heads],
                new double[heads]
            );
            long[] indices = [.. Enumerable.Range(0, heads).Where(head => kept[head]).Select(head => (long)head)];
            keptInAll += indices.Length;
            Tensor flow =
                indices.Length == 0 ? zeros_like(attention[layer][0]) : attention[layer].index_select(0, tensor(indices)).amax([0]);
            Tensor rows = flow.narrow(0, start, m);
            TinyACapture.Near(
                rows.narrow(1, start, m).ToFloats(),
                capture.CoarseFlow.AsSpan(layer * m * m, m * m),
                Tolerance,
                $"flow of layer {layer}"
            );
            TinyACapture.Near(
                rows.sum(-1).ToFloats(),
                capture.FlowRowSums.AsSpan(layer * m, m),
                10 * Tolerance,
                $"row sums of layer {layer}"
            );
        }

        Assert.AreNotEqual(0, keptInAll, "No head was kept, so no flow was compared.");
    }
}
