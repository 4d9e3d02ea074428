using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>The same weights written in other ways give the same outputs.</summary>
[TestClass]
public sealed class CheckpointVariantTests
{
    private static readonly string TinyA = GoldenData.TinyA.Checkpoint;

    [TestMethod]
    public void ThreeShards() => SameAsTinyA(folder => new CheckpointCopy(TinyA).Write(folder, shards: 3));

    [TestMethod]
    public void NewTensorNames() => SameAsTinyA(folder => new CheckpointCopy(TinyA).Write(folder, newNames: true));

    [TestMethod]
    public void HarmlessBuffersAreIgnored() =>
        SameAsTinyA(folder =>
            new CheckpointCopy(TinyA)
                .Add("language_model.model.layers.0.self_attn.rotary_emb.inv_freq", 8)
                .Add("vision_tower.vision_model.embeddings.position_ids", 1, 17)
                .Write(folder)
        );

    [TestMethod]
    public void BFloat16OnDiskEqualsRoundedWeights()
    {
        using TemporaryFolder folder = new();
        string rounded = new CheckpointCopy(TinyA)
            .Change((_, values) => values.to(ScalarType.BFloat16).to(ScalarType.Float32))
            .Write(Path.Combine(folder.Path, "rounded"));
        string half = new CheckpointCopy(TinyA).Write(Path.Combine(folder.Path, "bf16"), ScalarType.BFloat16);
        TinyACapture.AssertEqual(TinyACapture.Run(rounded), TinyACapture.Run(half));
    }

    [TestMethod]
    public void ComputingInBFloat16StaysNearFloat32()
    {
        AttentionCapture exact = TinyACapture.Run(TinyA);
        AttentionCapture half = TinyACapture.Run(TinyA, ModelPrecision.BFloat16);
        double error = exact.FineAttention.Zip(half.FineAttention, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsLessThan(0.02, error);
        Assert.IsGreaterThan(0, error);
    }

    [TestMethod]
    public void GroupedQueriesEqualRepeatedHeads()
    {
        // Two key/value heads for four heads, against four key/value heads of which two and two are the same.
        const int headSize = 16;
        using TemporaryFolder folder = new();
        static bool Shared(string name) =>
            name.Contains("language_model", StringComparison.Ordinal)
            && (name.EndsWith("k_proj.weight", StringComparison.Ordinal) || name.EndsWith("v_proj.weight", StringComparison.Ordinal));
        static Tensor Two(Tensor weight) => weight.view(4, headSize, -1).narrow(0, 0, 2);
        string repeated = new CheckpointCopy(TinyA)
            .Change((name, values) => Shared(name) ? Two(values).repeat_interleave(2, 0).reshape(4 * headSize, -1) : values)
            .Write(Path.Combine(folder.Path, "repeated"));
        string grouped = new CheckpointCopy(TinyA)
            .Change((name, values) => Shared(name) ? Two(values).reshape(2 * headSize, -1) : values)
            .Write(Path.Combine(folder.Path, "grouped"), configure: node => node["text_config"]!["num_key_value_heads"] = 2);
        TinyACapture.AssertEqual(TinyACapture.Run(repeated), TinyACapture.Run(grouped), 2e-6f);
    }

    [TestMethod]
    public void TiedEmbeddingsNeedNoOutputLayer()
    {
        using TemporaryFolder folder = new();
        Tensor embedding = null!;
        CheckpointCopy copy = new(TinyA);
        copy.Change(
            (name, values) =>
            {
                embedding = name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)
                    ? values.clone().DetachFromDisposeScope()
                    : embedding;
                return values;
            }
        );
        string untied = copy.Change((name, values) => name.EndsWith("lm_head.weight", StringComparison.Ordinal) ? embedding : values)
            .Write(Path.Combine(folder.Path, "untied"));
        string tied = copy.Remove("language_model.lm_head.weight")
            .Write(Path.Combine(folder.Path, "tied"), configure: node => node["text_config"]!["tie_word_embeddings"] = true);
        embedding.Dispose();
        TinyACapture.AssertEqual(TinyACapture.Run(untied), TinyACapture.Run(tied));

        string twice = new CheckpointCopy(untied).Write(
            Path.Combine(folder.Path, "twice"),
            configure: node => node["text_config"]!["tie_word_embeddings"] = true
        );
        TinyACapture.AssertEqual(TinyACapture.Run(untied), TinyACapture.Run(twice));
    }

    [TestMethod]
    public void AnOutputLayerThatIsStoredIsUsedWhateverTheFlagSays() =>
        SameAsTinyA(folder =>
            new CheckpointCopy(TinyA).Write(folder, configure: node => node["text_config"]!["tie_word_embeddings"] = true)
        );

    private static void SameAsTinyA(Func<string, string> write)
    {
        using TemporaryFolder folder = new();
        TinyACapture.AssertEqual(TinyACapture.Run(TinyA), TinyACapture.Run(write(Path.Combine(folder.Path, "copy"))));
    }
}
