using MLNetGrounding;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Checkpoints;

namespace TrainSampleLlava;

/// <summary>The words that the sample LLaVA reads and says, each one token, and how it is asked.</summary>
internal static class SampleWords
{
    public const int BeginOfSequence = 1;

    public const string User = "USER:";
    public const string Assistant = "ASSISTANT:";
    public const string Coarse = "bird";
    public const string Neutral = "describe";
    public const string Background = "background";
    public const string Light = "light";
    public const string Dark = "dark";

    /// <summary>All words in the order of their ids.</summary>
    public static IReadOnlyList<string> All { get; } =
    [User, Assistant, .. BirdAnatomy.PartNames, Coarse, Neutral, Background, .. BirdPalette.Names, Light, Dark];

    /// <summary>
    /// The questions in the order in which they are packed: the ten parts, then the whole bird, nothing, and the background.
    /// </summary>
    public static IReadOnlyList<string> Questions { get; } = [.. BirdAnatomy.PartNames, Coarse, Neutral, Background];

    /// <summary>The prompts that the checkpoint's <c>grounding.json</c> names; training covers exactly these.</summary>
    public static GroundingProfile Profile { get; } =
        new()
        {
            Template = $"{User}{GroundingProfile.ImagePlaceholder}{GroundingProfile.QuestionPlaceholder} {Assistant}",
            Question = GroundingProfile.WordPlaceholder,
            Questions = BirdAnatomy.PartNames.ToDictionary(part => part, _ => GroundingProfile.WordPlaceholder, StringComparer.Ordinal),
            Object = Coarse,
            ObjectQuestion = GroundingProfile.WordPlaceholder,
            Neutral = Neutral,
            Background = Background,
            Row = QueryRow.WordMean,
        };

    /// <summary>The pieces of the tokenizer; a token's id is its index.</summary>
    public static IReadOnlyList<string> Pieces { get; } = ReadPieces();

    /// <summary>The tokens before the image.</summary>
    public static IReadOnlyList<int> Prefix { get; } = [BeginOfSequence, Id(User)];

    public static int Id(string word)
    {
        for (int id = 0; id < Pieces.Count; id++)
        {
            if (Pieces[id] == "\u2581" + word)
            {
                return id;
            }
        }

        throw new ArgumentException($"'{word}' is not a word of the sample model.", nameof(word));
    }

    private static IReadOnlyList<string> ReadPieces()
    {
        string path = Path.GetTempFileName();
        try
        {
            return SentencePieceModelWriter.Write(path, All);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
