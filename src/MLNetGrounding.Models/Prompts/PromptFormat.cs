using System.Security.Cryptography;
using System.Text;

namespace MLNetGrounding.Models.Prompts;

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

    /// <summary>
    /// The turn of a system message, which begins a prompt, with <c>{system}</c> where its text stands; <see langword="null"/> where the
    /// family has none.
    /// </summary>
    public string? SystemTurn { get; init; }

    /// <summary>
    /// The question that the family's models answer with a box, with <c>{word}</c> where the word stands; <see langword="null"/> where they
    /// answer with none.
    /// </summary>
    public string? BoxQuestion { get; init; }

    /// <summary>What the numbers of such an answer are.</summary>
    public BoxUnits? BoxUnits { get; init; }

    /// <summary>The prompts that known chat templates make, by the fingerprints of their texts: no Jinja is run.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>How chats of more than one question are written, by the forms of their parts. Default none: not known.</summary>
    public IReadOnlyList<PromptDialogue> Dialogues { get; init; } = [];

    /// <summary>The dialogue whose first question a template asks, or <see langword="null"/> where it has another form.</summary>
    /// <param name="template">The prompt.</param>
    public PromptDialogue? DialogueOf(string template) =>
        Dialogues.FirstOrDefault(dialogue => template.EndsWith(dialogue.End, StringComparison.Ordinal));

    /// <summary>The prompt that a chat template makes, or <see langword="null"/> where its text is not known.</summary>
    /// <param name="chatTemplate">The text of a Jinja program.</param>
    public string? Recognize(string chatTemplate) => ChatTemplates.GetValueOrDefault(Fingerprint(chatTemplate));

    /// <summary>A prompt with another system message; a prompt that already begins with one gets it instead.</summary>
    /// <param name="template">The prompt.</param>
    /// <param name="system">The message; empty for none, <see langword="null"/> to leave the prompt as it is.</param>
    /// <returns>The prompt, or <see langword="null"/> where the family has no system messages.</returns>
    public string? WithSystem(string template, string? system)
    {
        if (system is null)
        {
            return template;
        }

        if (SystemTurn?.Split(GroundingProfile.SystemPlaceholder) is not [var before, var after])
        {
            return null;
        }

        int end = template.StartsWith(before, StringComparison.Ordinal) ? template.IndexOf(after, StringComparison.Ordinal) : -1;
        string rest = end < 0 ? template : template[(end + after.Length)..];
        return system.Length == 0 ? rest : before + system + after + rest;
    }

    /// <summary>SHA-256 of a chat template's text, space around it left out.</summary>
    public static string Fingerprint(string chatTemplate) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(chatTemplate.Trim())));
}
