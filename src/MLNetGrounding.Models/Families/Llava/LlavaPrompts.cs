using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>The prompts of the family: its decoders decide where a checkpoint does not.</summary>
internal static class LlavaPrompts
{
    private static readonly PromptDialogue UserDialogue = new(
        "USER: <image>\n{question} ",
        "USER: {question} ",
        "ASSISTANT: {answer} ",
        "ASSISTANT:"
    );

    // One published template writes the end token with the wrong slash; the models are trained on this.
    private static readonly PromptDialogue InstructionDialogue = new(
        "[INST] <image>\n{question} [/INST]",
        "[INST] {question} [/INST]",
        " {answer}</s>",
        ""
    );

    private static readonly PromptDialogue TurnDialogue = new(
        "<|im_start|>user\n<image>\n{question}<|im_end|>\n",
        "<|im_start|>user\n{question}<|im_end|>\n",
        "<|im_start|>assistant\n{answer}<|im_end|>\n",
        "<|im_start|>assistant\n"
    );

    private static readonly PromptDialogue JoinedDialogue = new(
        "<|im_start|>user <image>\n{question}<|im_end|>",
        "<|im_start|>user \n{question}<|im_end|>",
        "<|im_start|>assistant \n{answer}<|im_end|>",
        "<|im_start|>assistant"
    );

    private static readonly string User = UserDialogue.End;
    private static readonly string Instruction = InstructionDialogue.End;
    private static readonly string Turns = TurnDialogue.End;
    private static readonly string JoinedTurns = JoinedDialogue.End;

    private const string System =
        "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the human's questions. ";

    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // llava-1.5-7b-hf and 13b.
        ["6fef09c05345e88b9f85e80bcb3491003332050750586568bdf91cfa81965d0c"] = User,

        // Roles in brackets, roles on lines of their own.
        ["5dc69aee4926c4734a9ccc704e819dec85c0a3a3a16b1e543d665454df2476b4"] = Instruction,
        ["f69d9b4d3bb08ebed1699cbfabf4059829e780c6058af337a6d7e1f7f3966b01"] = Turns,

        // Role and image on one line, with and without videos, with and without a line's end after the last role.
        ["6fc3b7aeb2d10187e6ce222f66124f7fea3157dd6cc100e1fb860c749ea2f42e"] = JoinedTurns,
        ["14f0b9bf470b6770b681f9c98853c1627f58491d12ebab627e472be1992a3cbc"] = JoinedTurns + "\n",
        ["e6058e92ce7764f01f2eebf914ced551f6132b461ffd11d6a8252440eb742562"] = JoinedTurns,
        ["0e45744cd23107459293548e532f2b143ba45042f6f0318a89ca902c7e126ee6"] = JoinedTurns + "\n",
        ["5ac9bd4e60a2be4f9df039e4d9328b91c2a957be3cb08686b9702ad77d9965ed"] = JoinedTurns + "\n",
    };

    /// <summary>The prompts for a decoder.</summary>
    public static PromptFormat For(string decoder) =>
        Of(
            decoder,
            decoder switch
            {
                "mistral" => Instruction,
                "qwen2" => Turns,
                _ => User,
            }
        );

    /// <summary>The prompts of relatives for a decoder, which begin a chat with a sentence and keep role and image on one line.</summary>
    public static PromptFormat ForTiles(string decoder) =>
        Of(
            decoder,
            decoder switch
            {
                "mistral" => Instruction,
                "qwen2" => JoinedTurns + "\n",
                _ => System + User,
            }
        );

    private static PromptFormat Of(string decoder, string template) =>
        new()
        {
            Template = template,
            Origin = $"the usual form of {decoder} decoders",
            ImageToken = "<image>",
            ChatTemplates = Known,
            Dialogues =
            [
                UserDialogue,
                InstructionDialogue,
                TurnDialogue,
                JoinedDialogue,
                JoinedDialogue with
                {
                    Ask = JoinedDialogue.Ask + "\n",
                },
            ],
        };
}
