using System.Globalization;

namespace MLNetGrounding;

/// <summary>How the next token of an answer is chosen. The default is the plain arg max: greedy decoding.</summary>
/// <remarks>
/// The order is that of Hugging Face's <c>generate()</c>: repetition penalty, temperature, top-k, top-p. Probabilities are float64, and
/// tokens of equal logits are taken in the order of their ids, so that equal logits and an equal seed give equal answers everywhere.
/// </remarks>
public sealed record AnswerSampling
{
    /// <summary>What logits are divided by before a token is drawn; 0 takes the most probable token. Default 0.</summary>
    public double Temperature { get; init; }

    /// <summary>
    /// Tokens are drawn from the most probable ones that together have at least this probability, above 0 and at most 1. Default 1: all.
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>
    /// How many of the most probable tokens are drawn from, at least 1; those as probable as the last of them stay. Default
    /// <see langword="null"/>: all.
    /// </summary>
    public int? TopK { get; init; }

    /// <summary>
    /// What logits of tokens that stand in the prompt or in the answer so far are divided by where they are positive and multiplied by
    /// where they are negative; it acts on greedy decoding too. Above 0. Default 1: none.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>What is done, in words, such as <c>greedy</c> or <c>temperature 0.7, top-p 0.8</c>.</summary>
    public override string ToString()
    {
        List<string> parts = [Temperature == 0 ? "greedy" : Number("temperature", Temperature)];
        if (Temperature != 0 && TopK is { } count)
        {
            parts.Add(Number("top-k", count));
        }

        if (Temperature != 0 && TopP < 1)
        {
            parts.Add(Number("top-p", TopP));
        }

        if (RepetitionPenalty != 1)
        {
            parts.Add(Number("repetition penalty", RepetitionPenalty));
        }

        return string.Join(", ", parts);

        static string Number(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value}");
    }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        Require(Temperature >= 0 && double.IsFinite(Temperature), Temperature, nameof(Temperature), "0 or a finite number above it");
        Require(TopP is > 0 and <= 1, TopP, nameof(TopP), "a number above 0 and at most 1");
        Require(TopK is null or >= 1, TopK, nameof(TopK), "at least 1");
        Require(
            RepetitionPenalty > 0 && double.IsFinite(RepetitionPenalty),
            RepetitionPenalty,
            nameof(RepetitionPenalty),
            "a finite number above 0"
        );

        static void Require(bool holds, object? value, string name, string expected)
        {
            if (!holds)
            {
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}.");
            }
        }
    }
}
