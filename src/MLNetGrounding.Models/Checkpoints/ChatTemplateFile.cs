using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>A checkpoint's chat template: the text of a Jinja program, and the file that holds it.</summary>
/// <param name="Text">The program, its line ends as <c>\n</c>.</param>
/// <param name="FilePath">The file.</param>
internal sealed record ChatTemplateFile(string Text, string FilePath)
{
    public const string FileName = "chat_template.jinja";
    public const string JsonFileName = "chat_template.json";

    private const string Key = "chat_template";

    /// <summary>
    /// The first of <c>chat_template.jinja</c>, <c>chat_template.json</c>, and the key <c>chat_template</c> of <c>processor_config.json</c>
    /// and of <c>tokenizer_config.json</c>; <see langword="null"/> where there is none.
    /// </summary>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    public static ChatTemplateFile? TryRead(string directory)
    {
        string path = Path.Combine(directory, FileName);
        return CheckpointFile.Exists(path)
            ? new ChatTemplateFile(CheckpointFile.ReadText(path), path)
            : Of(JsonSettings.TryOpen(Path.Combine(directory, JsonFileName)))
                ?? Of(CheckpointSettings.TryProcessor(directory))
                ?? Of(CheckpointSettings.TryTokenizer(directory));
    }

    private static ChatTemplateFile? Of(JsonSettings? settings)
    {
        // A tokenizer may have several by name, of which Hugging Face's code takes the one called default.
        string? text = settings?.TryGet(Key) is { ValueKind: JsonValueKind.Array }
            ? settings.Sections(Key).FirstOrDefault(template => template.Text("name") == "default")?.Text("template")
            : settings?.TryText(Key);
        return text is null ? null : new ChatTemplateFile(text.ReplaceLineEndings("\n"), settings!.FilePath);
    }
}
