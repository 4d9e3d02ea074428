using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The prompts of the families: turns between marks, the image before the question.</summary>
internal static class QwenPrompts
{
    private static readonly PromptDialogue Dialogue = new(
        "<|im_start|>user\n<|vision_start|><image><|vision_end|>{question}<|im_end|>\n",
        "<|im_start|>user\n{question}<|im_end|>\n",
        "<|im_start|>assistant\n{answer}<|im_end|>\n",
        "<|im_start|>assistant\n"
    );
    private static readonly string Question = Dialogue.End;
    private static readonly string Assistant = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n" + Question;

    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // Qwen2-VL and Qwen2.5-VL as published, and without numbered images.
        ["a0bc6f6fc7a29a80017a433e8f03a1cc1236e838a944a2d034295a60c4f2fddb"] = Assistant,
        ["e5199c8ba1157e5c37d7c2eff6a002be31032c482c78abc743afe997cb42d638"] = Assistant,

        // Qwen3-VL as published, and templates without a system message of their own, with and without numbered images.
        ["9d879ef91075acbfb2df7e441fd79d60bacfca989cf6d511d2af45c681e94f10"] = Question,
        ["b17137645c544af2d4558d36a6723777b736b4045bda225eeedf90595cc774ed"] = Question,
        ["2b2ceaf63a8ce1e3089a68c535229292a63cdbdc9a239e9af21161ea44d907c9"] = Question,
    };

    /// <summary>The prompts of a family.</summary>
    /// <param name="modelType">The family.</param>
    /// <param name="hasSystemMessage">Whether it puts a system message where there is none.</param>
    /// <param name="boxUnits">What the numbers of boxes are.</param>
    public static PromptFormat For(string modelType, bool hasSystemMessage, BoxUnits boxUnits) =>
        new()
        {
            Template = hasSystemMessage ? Assistant : Question,
            Origin = $"the usual form of {modelType}",
            ImageToken = "<|image_pad|>",
            SystemTurn = "<|im_start|>system\n{system}<|im_end|>\n",
            ChatTemplates = Known,
            Dialogues = [Dialogue],
            BoxQuestion = "Locate the {word}, output its bounding box in JSON format.",
            BoxUnits = boxUnits,
        };
}
