using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

[TestClass]
public sealed class RandomCheckpointTests
{
    private static readonly LlavaShape Small = new()
    {
        TextHiddenSize = 64,
        TextIntermediateSize = 128,
        TextLayers = 4,
        TextHeads = 8,
        TextKeyValueHeads = 4,
        TextHeadSize = 8,
        VocabularySize = 512,
        ImageTokenId = 500,
        ImageSize = 168,
        PatchSize = 14,
        VisionHiddenSize = 32,
        VisionIntermediateSize = 64,
        VisionLayers = 2,
        VisionHeads = 4,
    };

    [TestMethod]
    public void SameSeedSameFiles()
    {
        using TemporaryFolder folder = new();
        byte[] Weights(string name, long seed)
        {
            RandomCheckpoint.Write(Path.Combine(folder.Path, name), Small, seed);
            return File.ReadAllBytes(Path.Combine(folder.Path, name, CheckpointFolder.SingleFileName));
        }

        byte[] first = Weights("a", 7);
        CollectionAssert.AreEqual(first, Weights("b", 7));
        CollectionAssert.AreNotEqual(first, Weights("c", 8));
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.BFloat16)]
    public void OpensLikeAnyOtherAndHeadSelectionSelects(ScalarType type)
    {
        using TemporaryFolder folder = new();
        RandomCheckpoint.Write(folder.Path, Small, seed: 1, type);
        using var model = VisionLanguageModel.Load(folder.Path);
        PreparedPrompt prompt = model.Prepare([AttentionQuery.Coarse(), AttentionQuery.Fine("beak"), AttentionQuery.Fine("wing")]);
        AttentionCapture capture = model.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_crop")), prompt);
        int cells = Small.VisualTokens;
        int heads = Small.TextHeads;
        int kept = 0;
        for (int layer = 0; layer < capture.FineAttention.Length / (heads * cells); layer++)
        {
            bool[] selected = new bool[heads];
            HeadSelection.Select(
                capture.FineAttention.AsSpan(layer * heads * cells, heads * cells),
                heads,
                Small.Grid,
                Small.Grid,
                new HeadSelectionOptions(),
                new float[cells],
                selected,
                new double[heads],
                new double[heads]
            );
            kept += selected.Count(head => head);
        }

        double share = (double)kept / (capture.FineAttention.Length / cells);
        Console.WriteLine($"{share:p0} of the heads pass");
        Assert.IsTrue(share is > 0.15 and < 0.55, $"{share:p0} of the heads pass head selection.");
    }

    [TestMethod]
    public void WeightsOfTheWantedTypeAreNotCopied()
    {
        using TemporaryFolder folder = new();
        RandomCheckpoint.Write(folder.Path, Small with { VocabularySize = 1_000_000, TextHiddenSize = 64 }, seed: 1);
        long size = new FileInfo(Path.Combine(folder.Path, CheckpointFolder.SingleFileName)).Length;
        long before = ProcessMemory.AnonymousBytes();
        using var model = VisionLanguageModel.Load(folder.Path);
        long grown = ProcessMemory.AnonymousBytes() - before;
        Assert.IsGreaterThan(400L << 20, size);
        Assert.IsLessThan(64L << 20, grown, $"Loading {size >> 20} MiB of weights took {grown >> 20} MiB of anonymous memory.");
    }
}
