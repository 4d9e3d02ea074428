using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Models.Families.QwenVl;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Random weights beside the settings of any family: they open, and a packed capture of them is what one eager pass a query gives.
/// </summary>
[TestClass]
public sealed class RandomWeightsTests
{
    private const float Tolerance = 2e-5f;
    private const int Fine = 3;

    [TestMethod]
    public void ThreeAxesOfPositionsAndFeaturesAddedToLayers()
    {
        using QwenFolder folder = new(QwenFolder.Third);
        Check(folder.Path, new CaptureOptions { Grid = new MapGrid(3, 5) });
    }

    [TestMethod]
    public void MarksBetweenViews()
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteSmolVlm(folder);
        ByteTokenizerWriter.Write(
            folder.Path,
            3,
            new Dictionary<string, int>
            {
                ["<image>"] = 200,
                ["<fake_token_around_image>"] = 270,
                ["<global-img>"] = 271,
                ["<row_1_col_1>"] = 272,
                ["<row_1_col_2>"] = 273,
            }
        );
        Check(folder.Path, new CaptureOptions { Tiles = (1, 2) });
    }

    [TestMethod]
    public void NewlinesAfterRows()
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteLlavaNext(folder);
        Check(folder.Path, new CaptureOptions { Tiles = (2, 1) });
    }

    [TestMethod]
    public void SameSeedSameWeights()
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteInternVl(folder);
        byte[] Weights(long seed)
        {
            RandomWeights.Write(folder.Path, ScalarType.BFloat16, seed);
            return File.ReadAllBytes(Path.Combine(folder.Path, "model-00001.safetensors"));
        }

        byte[] first = Weights(7);
        CollectionAssert.AreEqual(first, Weights(7));
        CollectionAssert.AreNotEqual(first, Weights(8));
    }

    private static void Check(string directory, CaptureOptions options)
    {
        RandomWeights.Write(directory, ScalarType.Float32);
        var checkpoint = SharedCheckpoint.Load(directory, new VisionLanguageModelOptions());
        using var model = VisionLanguageModel.Load(directory);
        Random random = new(3);
        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(3, 190))];
        PreparedPrompt prompt = model.Prepare(
            [
                .. Enumerable
                    .Range(0, Fine)
                    .Select(query => new AttentionQuery
                    {
                        Name = $"{query}",
                        TokenIds = Ids(4 + query),
                        TokenPositions = [1, 2],
                    }),
            ],
            options with
            {
                PrefixTokenIds = Ids(4),
                SuffixLogits = true,
            }
        );
        RgbImage image = Pictures.Random(random, 90, 70);
        AttentionCapture capture = model.Capture(image, prompt);
        PreparedImage prepared = checkpoint.Images.Prepare(image, prompt.Images, CancellationToken.None);
        int start = prompt.Prefix.Count + prepared.Span.Before.Count;
        int visual = prepared.Span.Ids.Count;
        int mapLength = model.Info.Layers * model.Info.Heads * capture.Prompt.Grid.Cells;
        for (int query = 0; query < Fine; query++)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            PreparedSuffix suffix = prompt.Suffixes[query];
            (Tensor[] attention, Tensor logits) = EagerTwin.Run(checkpoint.Network, model.Info, prepared, prompt.Prefix, suffix.TokenIds);
            long[] rows = [.. suffix.Rows.Select(row => (long)(start + visual + row))];
            float[] tokens = stack([.. attention.Select(layer => layer.index_select(1, tensor(rows)).mean([1]).narrow(1, start, visual))])
                .ToFloats();
            TinyACapture.Near(
                prepared.Span.Layout.Apply(tokens),
                capture.FineAttention.AsSpan(query * mapLength, mapLength),
                Tolerance,
                $"maps of query {query}"
            );
            TinyACapture.Near(
                logits.narrow(0, logits.shape[0] - suffix.TokenIds.Count, suffix.TokenIds.Count).ToFloats(),
                capture.SuffixLogits[query],
                100 * Tolerance,
                $"logits of query {query}"
            );
        }

        checkpoint.Release();
    }
}
