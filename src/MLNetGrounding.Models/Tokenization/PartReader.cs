using System.Text;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>What the readers of a tokenizer.json's parts share.</summary>
internal static class PartReader
{
    /// <summary>The type of a part.</summary>
    public static string Type(JsonSettings part) => part.Text("type");

    /// <summary>The error for a type that is not known.</summary>
    public static CheckpointException Unknown(JsonSettings part, params IReadOnlyList<string> known) =>
        part.Wrong("type", $"one of {string.Join(", ", known)} was expected, found '{Type(part)}'");

    /// <summary>The pattern of a part: a text, or a regular expression.</summary>
    public static TextPattern Pattern(JsonSettings part)
    {
        JsonSettings pattern = part.Section("pattern");
        if (pattern.TryText("String") is { } text)
        {
            return text.Length > 0 ? TextPattern.OfText(text) : throw pattern.Wrong("String", "a text that is not empty was expected");
        }

        string regex = pattern.Text("Regex");
        try
        {
            return TextPattern.OfRegex(part.FilePath, regex);
        }
        catch (NotSupportedException exception)
        {
            throw pattern.Wrong("Regex", $"\"{regex}\" cannot be used: {exception.Message}");
        }
    }

    /// <summary>A text of one character.</summary>
    public static Rune Character(JsonSettings part, string key, string? otherwise = null)
    {
        string text = part.TryText(key) ?? otherwise ?? throw part.Wrong(key, "a character was expected, found nothing");
        return Rune.TryGetRuneAt(text.Length > 0 ? text : "\uD800", 0, out Rune rune) && rune.Utf16SequenceLength == text.Length
            ? rune
            : throw part.Wrong(key, $"one character was expected, found '{text}'");
    }
}
