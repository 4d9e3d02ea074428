using System.Security.Cryptography;
using System.Text;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>How a family's models are asked where the checkpoint does not say it in <c>grounding.json</c>.</summary>
internal sealed record PromptFormat
{
    /// <summary>The prompt, with <c>&lt;image&gt;</c> where the image stands and <c>{question}</c> where the question does.</summary>
    public required string Template { get; init; }

    /// <summary>Where <see cref="Template"/> comes from, for the log, such as "the usual form of llama decoders".</summary>
    public required string Origin { get; init; }

    /// <summary>The text of the token that stands for the image in the tokenizer.</summary>
    public required string ImageToken { get; init; }

    /// <summary>Text that the family's processor puts before the tokens of every image, whatever the template says. Default none.</summary>
    public string BeforeImage { get; init; } = "";

    /// <summary>Text that it puts after them. Default none.</summary>
    public string AfterImage { get; init; } = "";

    /// <summary>The prompts that known chat templates make, by the fingerprints of their texts: no Jinja is run.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>The prompt that a chat template makes, or <see langword="null"/> where its text is not known.</summary>
    /// <param name="chatTemplate">The text of a Jinja program.</param>
    public string? Recognize(string chatTemplate) => ChatTemplates.GetValueOrDefault(Fingerprint(chatTemplate));

    /// <summary>SHA-256 of a chat template's text, space around it left out.</summary>
    public static string Fingerprint(string chatTemplate) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(chatTemplate.Trim())));
}
