using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Generation;

/// <summary>A small checkpoint of random weights, open, with an image and questions of different lengths.</summary>
internal sealed class RandomModel : IDisposable
{
    public const int VocabularySize = 512;
    public const int ImageTokenId = 500;

    private readonly TemporaryFolder _folder = new();

    /// <param name="generation">The content of <c>generation_config.json</c>; <see langword="null"/> for none.</param>
    /// <param name="longest">The longest sequence.</param>
    /// <param name="precision">The type of weights and hidden states.</param>
    public RandomModel(string? generation = null, int? longest = null, ModelPrecision precision = ModelPrecision.Float32)
    {
        RandomCheckpoint.Write(_folder.Path, Shape, seed: 3);
        if (generation is not null)
        {
            File.WriteAllText(Path.Combine(_folder.Path, "generation_config.json"), generation);
        }

        if (longest is { } most)
        {
            string path = Path.Combine(_folder.Path, "config.json");
            System.Text.Json.Nodes.JsonNode configuration = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
            configuration["text_config"]!["max_position_embeddings"] = most;
            File.WriteAllText(path, configuration.ToJsonString());
        }

        Options = new VisionLanguageModelOptions { Precision = precision };
        Shared = SharedCheckpoint.Load(_folder.Path, Options);
        Model = VisionLanguageModel.Load(_folder.Path, Options);
    }

    public static LlavaShape Shape { get; } =
        new()
        {
            TextHiddenSize = 64,
            TextIntermediateSize = 96,
            TextLayers = 3,
            TextHeads = 8,
            TextKeyValueHeads = 4,
            TextHeadSize = 8,
            VocabularySize = VocabularySize,
            ImageTokenId = ImageTokenId,
            ImageSize = 56,
            PatchSize = 14,
            VisionHiddenSize = 32,
            VisionIntermediateSize = 64,
            VisionLayers = 2,
            VisionHeads = 4,
        };

    public VisionLanguageModelOptions Options { get; }

    /// <summary>The same checkpoint from the inside.</summary>
    public SharedCheckpoint Shared { get; }

    public VisionLanguageModel Model { get; }

    /// <summary>An image of colored squares.</summary>
    public static RgbImage Image { get; } = Squares();

    /// <summary>The image as the model takes it.</summary>
    public PreparedImage Prepared(PreparedPrompt prompt) => Shared.Images.Prepare(Image, prompt.Images, CancellationToken.None);

    /// <summary>A coarse query and fine ones of different lengths.</summary>
    public PreparedPrompt Prompt(CaptureOptions? options = null) =>
        Model.Prepare(
            [
                AttentionQuery.Fine("beak"),
                AttentionQuery.Coarse("bird"),
                new AttentionQuery
                {
                    Name = "long",
                    Word = "tail",
                    Question = "Where is the tail of the back of the belly of the bird?",
                },
                new AttentionQuery
                {
                    Name = "short",
                    Word = "wing",
                    Question = "wing",
                },
            ],
            options
        );

    public void Dispose()
    {
        Model.Dispose();
        Shared.Release();
        _folder.Dispose();
    }

    private static RgbImage Squares()
    {
        const int side = 56;
        byte[] pixels = new byte[side * side * 3];
        for (int index = 0; index < pixels.Length; index++)
        {
            int row = index / 3 / side / 14;
            int column = index / 3 % side / 14;
            pixels[index] = (byte)(((row * 7) + (column * 13) + (index % 3 * 5)) * 37 % 256);
        }

        return new RgbImage(side, side, pixels);
    }
}
