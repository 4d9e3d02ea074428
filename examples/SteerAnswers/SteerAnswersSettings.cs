using MLNetGrounding;

namespace SteerAnswers;

/// <summary>What the command line asks for.</summary>
internal sealed record SteerAnswersSettings
{
    public ModelSettings Model { get; init; } = new();

    /// <summary>The images to ask about.</summary>
    public DataSettings Data { get; init; } = new() { Split = CubSplit.Test };

    /// <summary>The question, with {word} for the part.</summary>
    public string Question { get; init; } = $"What color is the {GroundingProfile.WordPlaceholder}?";

    /// <summary>What is added to attention scores.</summary>
    public IReadOnlyList<double> Biases { get; init; } = [-2, 0.5, 1, 2, 3, 4, 6, 8];

    /// <summary>The first steered layer, as a share of the layers.</summary>
    public double FirstLayerDepth { get; init; } = new AttentionAmplification().FirstLayerDepth;

    /// <summary>Where the coarse mask, scaled to 0..1, counts.</summary>
    public double MaskThreshold { get; init; } = new AttentionAmplification().MaskThreshold;

    /// <summary>The heads that are steered alone; none: as many as <see cref="HeadCount"/> are chosen on other images.</summary>
    public IReadOnlyList<AttentionHead> Heads { get; init; } = [];

    /// <summary>How many heads are chosen.</summary>
    public int HeadCount { get; init; } = 3;

    /// <summary>How many other images they are chosen on.</summary>
    public int HeadImages { get; init; } = 50;

    /// <summary>The most tokens of an answer.</summary>
    public int AnswerTokens { get; init; } = 4;

    public int Seed { get; init; } = 1;

    public string Out { get; init; } = "steering";
}
