using MLNetGrounding;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Cars;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Samples.Figures;

namespace TrainSampleLlava;

/// <summary>The words that the sample LLaVA reads and says, each one token, and how it is asked.</summary>
internal static class SampleWords
{
    public const int BeginOfSequence = 1;
    public const int EndOfSequence = 2;

    public const string User = "USER:";
    public const string Assistant = "ASSISTANT:";
    public const string Neutral = "describe";
    public const string Background = "background";
    public const string Light = "light";
    public const string Dark = "dark";
    public const string Drawing = "drawing";

    /// <summary>The question about a color.</summary>
    public const string ColorQuestion = $"What color is the {GroundingProfile.WordPlaceholder}?";

    /// <summary>All words in the order of their ids.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        User,
        Assistant,
        .. BirdAnatomy.PartNames,
        "bird",
        Neutral,
        Background,
        .. PartPalette.Names,
        Light,
        Dark,
        "car",
        .. CarAnatomy.PartNames,
        Drawing,
        .. Stem,
    ];

    /// <summary>What the question about a color begins with.</summary>
    public static IReadOnlyList<string> Stem => ["What", "color", "is", "the"];

    /// <summary>Words that answers consist of.</summary>
    public static IReadOnlyList<string> Answers { get; } = [.. PartPalette.Names, Light, Dark, Drawing];

    /// <summary>The prompts that the checkpoint's <c>grounding.json</c> names; training covers exactly these.</summary>
    public static GroundingProfile Profile { get; } =
        new()
        {
            Template = $"{User}{GroundingProfile.ImagePlaceholder}{GroundingProfile.QuestionPlaceholder} {Assistant}",
            Question = GroundingProfile.WordPlaceholder,
            Questions = BirdAnatomy
                .PartNames.Concat(CarAnatomy.PartNames)
                .ToDictionary(part => part, _ => GroundingProfile.WordPlaceholder, StringComparer.Ordinal),
            Object = "bird",
            ObjectQuestion = GroundingProfile.WordPlaceholder,
            Neutral = Neutral,
            Background = Background,
            Row = QueryRow.WordMean,
        };

    /// <summary>The pieces of the tokenizer; a token's id is its index.</summary>
    public static IReadOnlyList<string> Pieces { get; } = ReadPieces();

    private static readonly Dictionary<string, int> Ids = Pieces
        .Index()
        .ToDictionary(piece => piece.Item, piece => piece.Index, StringComparer.Ordinal);

    /// <summary>The tokens before the image.</summary>
    public static IReadOnlyList<int> Prefix { get; } = [BeginOfSequence, Id(User)];

    /// <summary>The token of the sign that ends a question, which no space precedes.</summary>
    public static int QuestionMark { get; } = PieceId("?");

    public static int Id(string word) => PieceId("\u2581" + word);

    private static int PieceId(string piece) =>
        Ids.TryGetValue(piece, out int id)
            ? id
            : throw new ArgumentException($"'{piece}' is not a word of the sample model.", nameof(piece));

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
