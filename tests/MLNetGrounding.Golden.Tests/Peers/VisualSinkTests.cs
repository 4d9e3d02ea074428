using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Peers;

/// <summary>
/// Visual attention sinks (Kang et al., ICLR 2025): which tokens are sinks, which heads are changed, and what becomes of them.
/// </summary>
[TestClass]
[TestCategory("Golden")]
public sealed class VisualSinkTests
{
    private const string Peer = "VisAttnSink";

    // Of the release's norm.
    private const double Epsilon = 1e-6;

    public static IEnumerable<object[]> Cases => PeerCase.Of(Peer, "redistributed.npy");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void SinksHeadsAndRedistributionAreTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        NpyFile hidden = each.Read("hidden");
        NpyFile attention = each.Read("attn");
        (int layers, int heads, int tokens, int width) = (attention.Shape[0], attention.Shape[1], attention.Shape[2], hidden.Shape[2]);
        int cells = each.Read("ours_maps").Shape[2];
        AttentionSinkRemoval options = AttentionSinkRemoval.Published with
        {
            Dimensions = each.Numbers("dims"),
            Threshold = each.Read("tau").Doubles()[0] / Math.Sqrt(width),
            KeptShare = each.Read("p").Doubles()[0],
            LargestSinkShare = each.Read("rho").Doubles()[0],
            LeastVisualShare = each.Read("summ").Doubles()[0],
        };

        bool[] sinks = Sinks(hidden, options);
        each.Equal("sinks", each.Read("sinks").Booleans(), sinks);

        float[] rows = attention.Floats();
        int imageStart = ImageStart(each, rows, attention, cells);
        List<(int, int, int, int)> forked = [];
        for (int layer = options.FirstLayer; layer < layers; layer++)
        {
            float[] isSink = [.. sinks.AsSpan(layer * tokens, tokens).ToArray().Select(sink => sink ? 1f : 0)];
            for (int head = 0; head < heads; head++)
            {
                for (int row = 0; row < tokens; row++)
                {
                    Span<float> line = rows.AsSpan((((layer * heads) + head) * tokens + row) * tokens, tokens);
                    float[] text = [.. line[..imageStart], .. line[(imageStart + cells)..]];
                    float[] visual = line.Slice(imageStart, cells).ToArray();
                    if (
                        !options.Redistribute(
                            visual,
                            isSink.AsSpan(imageStart, cells),
                            text,
                            [.. isSink[..imageStart], .. isSink[(imageStart + cells)..]]
                        )
                    )
                    {
                        continue;
                    }

                    forked.Add((layer, 0, head, row));

                    // While the prompt is read, rows after the image alone.
                    if (row >= imageStart + cells)
                    {
                        visual.CopyTo(line[imageStart..]);
                        text.AsSpan(0, imageStart).CopyTo(line);
                        text.AsSpan(imageStart).CopyTo(line[(imageStart + cells)..]);
                    }
                }
            }
        }

        int[] stored = each.Numbers("forked");
        each.Equal("forked", [.. stored.Chunk(4).Select(head => (head[0], head[1], head[2], head[3])).Order()], [.. forked.Order()]);
        each.Close("redistributed", rows);
        each.Complete();
    }

    /// <summary>Sinks of every layer from the first that counts, <c>[layers, tokens]</c>.</summary>
    private static bool[] Sinks(NpyFile hidden, AttentionSinkRemoval options)
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor states = tensor(hidden.Floats(), [.. hidden.Shape.Select(size => (long)size)]);
        int tokens = hidden.Shape[1];
        List<bool> sinks = [];
        for (int layer = 0; layer < hidden.Shape[0]; layer++)
        {
            sinks.AddRange(
                layer < options.FirstLayer
                    ? new bool[tokens]
                    : SinkObserver.Find(SinkObserver.Sizes(states[layer], Epsilon), options.Dimensions!, options.Threshold)
            );
        }

        return [.. sinks];
    }

    /// <summary>Where the image begins, which the folder does not say: where the stored maps of our last row are a part of it.</summary>
    private static int ImageStart(PeerCase each, float[] rows, NpyFile attention, int cells)
    {
        (int heads, int tokens) = (attention.Shape[1], attention.Shape[2]);

        // The restated maps keep each head's sum, whatever becomes of its sinks.
        float[] maps = each.Read("ours_maps").Floats();
        double Differs(int start) =>
            Enumerable
                .Range(0, heads)
                .Sum(head =>
                    Math.Abs(
                        maps.AsSpan(head * cells, cells).ToArray().Sum(value => (double)value)
                            - rows.AsSpan((((head * tokens) + tokens - 1) * tokens) + start, cells).ToArray().Sum(value => (double)value)
                    )
                );
        return Enumerable.Range(0, tokens - cells + 1).MinBy(Differs);
    }
}
