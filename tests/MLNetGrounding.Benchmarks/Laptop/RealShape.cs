using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>The shape of a published model, with the lengths that its prompts have.</summary>
/// <param name="Name">What it is called here, and its file in <c>Shapes</c>.</param>
/// <param name="Prefix">Tokens of its usual prompt before the image.</param>
/// <param name="Fine">Tokens after the image of "Where is the beak of the bird?", where most parts are one token.</param>
/// <param name="Coarse">Tokens after the image of "Where is the bird?".</param>
/// <param name="Settings">How images are wanted, each with a name.</param>
internal sealed record RealShape(string Name, int Prefix, int Fine, int Coarse, params (string Name, CaptureOptions Options)[] Settings)
{
    /// <summary>The shapes, from the smallest.</summary>
    /// <remarks>Lengths of prompts were counted with the tokenizers of the models.</remarks>
    public static IReadOnlyList<RealShape> All { get; } =
    [
        new("smolvlm2-256m", 3, 14, 11, Tiles(1), Tiles(2)),
        new("llava-interleave-0.5b", 3, 14, 11, ("its only grid", new CaptureOptions())),
        new("llava-onevision-0.5b", 3, 14, 11, ("whole view and one tile", new CaptureOptions())),
        new("internvl3-1b", 4, 15, 12, Tiles(1), Tiles(2)),
        new("qwen3-vl-2b", 4, 14, 11, Cells(16), Cells(24)),
        new("qwen2.5-vl-3b", 15, 14, 11, Cells(16), Cells(24)),
    ];

    /// <summary>Writes a checkpoint of this shape with random weights in bfloat16, unless it is there.</summary>
    public void Write(string directory)
    {
        if (File.Exists(Path.Combine(directory, CheckpointFolder.IndexFileName)))
        {
            return;
        }

        using Stream stream = typeof(RealShape).Assembly.GetManifestResourceStream($"Shapes/{Name}.json")!;
        using var shape = JsonDocument.Parse(stream);
        Directory.CreateDirectory(directory);
        File.WriteAllText(
            Path.Combine(directory, CheckpointSettings.ConfigurationFileName),
            shape.RootElement.GetProperty("config").GetRawText()
        );
        File.WriteAllText(
            Path.Combine(directory, CheckpointSettings.ImageProcessorFileName),
            shape.RootElement.GetProperty("preprocessor_config").GetRawText()
        );
        if (shape.RootElement.TryGetProperty("marks", out JsonElement marks))
        {
            ByteTokenizerWriter.Write(
                directory,
                shape.RootElement.GetProperty("first_text_id").GetInt32(),
                marks.Deserialize<Dictionary<string, int>>()!
            );
        }

        RandomWeights.Write(directory, ScalarType.BFloat16);
    }

    private static (string, CaptureOptions) Cells(int side) =>
        ($"{side} x {side} cells", new CaptureOptions { Grid = new MapGrid(side, side) });

    private static (string, CaptureOptions) Tiles(int side) =>
        (side == 1 ? "one view" : $"{side} x {side} tiles", new CaptureOptions { Tiles = (side, side) });
}
