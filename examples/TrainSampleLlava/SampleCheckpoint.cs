using System.Globalization;
using System.Text.Json;
using MLNetGrounding;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>Writes the trained model as a checkpoint folder in Hugging Face's layout.</summary>
internal static class SampleCheckpoint
{
    private const ScalarType Stored = ScalarType.BFloat16;

    public static void Write(string directory, Trainer trainer, TrainingOptions options, string command)
    {
        Directory.CreateDirectory(directory);
        LlavaShape configuration = options.Architecture;
        configuration.Write(directory, StoredType.TorchName(Stored));
        GroundingProfileFile.Write(directory, SampleWords.Profile);
        SentencePieceModelWriter.Write(Path.Combine(directory, TokenizerFileNames.SentencePiece), SampleWords.All);
        File.WriteAllText(
            Path.Combine(directory, "added_tokens.json"),
            JsonSerializer.Serialize(new Dictionary<string, int> { [GroundingProfile.ImagePlaceholder] = configuration.ImageTokenId })
                + "\n"
        );
        SafetensorsWriter.Write(
            Path.Combine(directory, CheckpointFolder.SingleFileName),
            [.. Trained(trainer.Parameters), .. Untrained(trainer.Parameters)],
            new Dictionary<string, string>
            {
                ["format"] = "pt",
                ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
                ["steps"] = trainer.Step.ToString(CultureInfo.InvariantCulture),
                ["command"] = command,
            }
        );
    }

    private static IEnumerable<TensorToWrite> Trained(ParameterStore parameters) =>
        parameters.Entries.Select(
            (entry, index) => new TensorToWrite(entry.Name, Stored, entry.Shape, () => parameters.Leaves[index].detach().cpu())
        );

    private static IEnumerable<TensorToWrite> Untrained(ParameterStore parameters) =>
        parameters.Untrained.Select(entry => new TensorToWrite(
            entry.Name,
            Stored,
            entry.Shape,
            () => entry.Name.EndsWith(".bias", StringComparison.Ordinal) ? zeros(entry.Shape) : ones(entry.Shape)
        ));
}
