using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Models.Tokenization;
using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>Writes checkpoint folders with seeded random weights: nothing it answers means anything, but every file is what a real checkpoint has.</summary>
/// <remarks>
/// Query and key weights grow from head to head, so that attention ranges from flat to very peaked and head selection has something to
/// select.
/// </remarks>
internal static class RandomCheckpoint
{
    // Standard deviation of a head's attention scores, first and last head.
    private const double FlattestScores = 0.3;
    private const double SharpestScores = 60;

    // What a layer adds stays small beside what a token carries, so that tokens stay different through the layers.
    private const double BranchScale = 0.25;
    private const string Template = "USER: <image>\n{question} ASSISTANT:";

    private static readonly string[] Branches = ["o_proj", "down_proj", "out_proj", "fc2"];

    // A queried word in several tokens would look at several places, which is not compact.
    private static readonly string[] TokenizerWords =
    [
        "USER:", "ASSISTANT:", "Where", "is", "the", "of", "bird", "bird?",
        "beak", "belly", "breast", "head", "wing", "eye", "tail", "throat", "back", "leg",
    ];

    /// <summary>Writes configuration, weights, preprocessor settings and, where the vocabulary is large enough, a tokenizer.</summary>
    /// <param name="directory">Made if it does not exist.</param>
    /// <param name="shape">The architecture.</param>
    /// <param name="seed">Same seed, same weights.</param>
    /// <param name="type">The type on disk.</param>
    public static void Write(string directory, LlavaShape shape, long seed, ScalarType type = ScalarType.Float32)
    {
        TorchBackend.Require();
        Directory.CreateDirectory(directory);
        shape.Write(directory, StoredType.TorchName(type));
        MetaTensorSource architecture = new(type);
        _ = new LlavaNetwork(architecture, shape.Settings);
        using Generator generator = new((ulong)seed);
        SafetensorsWriter.Write(
            Path.Combine(directory, CheckpointFolder.SingleFileName),
            [.. architecture.Tensors.Select(tensor => new TensorToWrite(tensor.Name, type, tensor.Shape, () => Values(tensor.Name, tensor.Shape, shape, generator)))],
            new Dictionary<string, string> { ["format"] = "pt", ["description"] = $"random weights, seed {seed}" });
        GroundingProfileFile.Write(directory, new GroundingProfile { Object = "bird", Template = Template });
        WriteTokenizer(directory, shape);
    }

    private static Tensor Values(string name, long[] size, LlavaShape shape, Generator generator)
    {
        if (name.Contains("norm", StringComparison.Ordinal) || name.Contains("layrnorm", StringComparison.Ordinal))
        {
            return name.EndsWith(".bias", StringComparison.Ordinal) ? zeros(size) : ones(size);
        }

        Tensor values = randn(size, generator: generator);
        if (name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return values.Times(0.02);
        }

        if (name.Contains("embed", StringComparison.Ordinal) && !name.Contains("patch", StringComparison.Ordinal))
        {
            return values;
        }

        double spread = 1 / Math.Sqrt(size.Skip(1).Aggregate(1L, (product, length) => product * length));
        bool attends = name.Contains("language_model", StringComparison.Ordinal) && (name.Contains("q_proj", StringComparison.Ordinal) || name.Contains("k_proj", StringComparison.Ordinal));
        return attends ? values.Times(spread) * Sharpness(size[0] / shape.TextHeadSize, shape.TextHeadSize)
            : Branches.Any(branch => name.Contains(branch, StringComparison.Ordinal)) ? values.Times(spread * BranchScale)
            : values.Times(spread);
    }

    /// <summary>Factors <c>[heads × headSize, 1]</c>: the scores of a head spread by the square of its factor.</summary>
    private static Tensor Sharpness(long heads, int headSize)
    {
        double[] factors = [.. Enumerable.Range(0, (int)heads).Select(head => Math.Sqrt(FlattestScores * Math.Pow(SharpestScores / FlattestScores, heads == 1 ? 1 : (double)head / (heads - 1))))];
        return tensor(factors, ScalarType.Float32).repeat_interleave(headSize).unsqueeze(1);
    }

    private static void WriteTokenizer(string directory, LlavaShape shape)
    {
        string path = Path.Combine(directory, TokenizerFileNames.SentencePiece);
        IReadOnlyList<string> pieces = SentencePieceModelWriter.Write(path, [.. TokenizerWords]);
        if (pieces.Count > shape.ImageTokenId)
        {
            File.Delete(path);
            return;
        }

        File.WriteAllText(Path.Combine(directory, "added_tokens.json"), JsonSerializer.Serialize(new Dictionary<string, int> { [GroundingProfile.ImagePlaceholder] = shape.ImageTokenId }, JsonSettings.Indented) + "\n");
    }
}
