using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Models.Tokenization;
using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>
/// Writes checkpoint folders with seeded random weights: nothing it answers means anything, but every file is what a real checkpoint has.
/// </summary>
internal static class RandomCheckpoint
{
    private const string Template = "USER: <image>\n{question} ASSISTANT:";

    // A queried word in several tokens would look at several places, which is not compact.
    private static readonly string[] TokenizerWords =
    [
        "USER:",
        "ASSISTANT:",
        "Where",
        "is",
        "the",
        "of",
        "bird",
        "bird?",
        "beak",
        "belly",
        "breast",
        "head",
        "wing",
        "eye",
        "tail",
        "throat",
        "back",
        "leg",
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
            [
                .. architecture.Tensors.Select(tensor => new TensorToWrite(
                    tensor.Name,
                    type,
                    tensor.Shape,
                    () => RandomValues.Of(tensor.Name, tensor.Shape, shape.TextHeadSize, size => randn(size, generator: generator))
                )),
            ],
            new Dictionary<string, string> { ["format"] = "pt", ["description"] = $"random weights, seed {seed}" }
        );
        GroundingProfileFile.Write(directory, new GroundingProfile { Object = "bird", Template = Template });
        WriteTokenizer(directory, shape);
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

        File.WriteAllText(
            Path.Combine(directory, "added_tokens.json"),
            JsonSerializer.Serialize(
                new Dictionary<string, int> { [GroundingProfile.ImagePlaceholder] = shape.ImageTokenId },
                JsonSettings.Indented
            ) + "\n"
        );
    }
}
