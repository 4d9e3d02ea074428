using Microsoft.Extensions.AI;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>A small checkpoint of random weights with the usual prompts of its family, open, and an image for it.</summary>
internal sealed class ChatModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ChatModel(string? grounding = null)
    {
        string directory = System.IO.Path.Combine(_folder.Path, "tiny");
        RandomCheckpoint.Write(directory, Shape, seed: 3);
        string profile = System.IO.Path.Combine(directory, "grounding.json");
        File.Delete(profile);
        if (grounding is not null)
        {
            File.WriteAllText(profile, grounding);
        }

        Model = VisionLanguageModel.Load(directory);
        ImagePath = System.IO.Path.Combine(_folder.Path, "image.png");
        File.WriteAllBytes(ImagePath, Png);
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
            VocabularySize = 512,
            ImageTokenId = 500,
            ImageSize = 56,
            PatchSize = 14,
            VisionHiddenSize = 32,
            VisionIntermediateSize = 64,
            VisionLayers = 2,
            VisionHeads = 4,
        };

    public VisionLanguageModel Model { get; }

    public string Folder => _folder.Path;

    /// <summary>The image as a file.</summary>
    public string ImagePath { get; }

    /// <summary>An image of colored squares, twice as wide as high.</summary>
    public static byte[] Png { get; } = Squares();

    /// <summary>The image as the model takes it.</summary>
    public static RgbImage Image => ChatImage.Load(new DataContent(Png, "image/png"), new ImageLoadingOptions());

    /// <summary>Asks something about the image.</summary>
    public static ChatMessage Ask(string question) => new(ChatRole.User, [new DataContent(Png, "image/png"), new TextContent(question)]);

    /// <summary>What the model itself answers.</summary>
    public ImageAnswers Answer(string question, AnswerOptions options, CaptureOptions? capture = null) =>
        Model.Answer(
            Image,
            Model.Prepare(
                [
                    new AttentionQuery
                    {
                        Name = question,
                        Question = question,
                        Role = QueryRole.Neutral,
                    },
                ],
                capture
            ),
            options
        );

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }

    private static byte[] Squares()
    {
        using SKBitmap bitmap = new(112, 56);
        for (int row = 0; row < bitmap.Height; row++)
        {
            for (int column = 0; column < bitmap.Width; column++)
            {
                int square = (row / 14 * 7) + (column / 14 * 13);
                bitmap.SetPixel(column, row, new SKColor((byte)(square * 37), (byte)((square + 5) * 37), (byte)((square + 10) * 37)));
            }
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
