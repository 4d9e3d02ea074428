using MLNetGrounding.Models.Families;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Families.QwenVl;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Prompts;

/// <summary>Chats against what Jinja makes of the chat templates that checkpoints hold.</summary>
[TestClass]
public sealed class PromptDialogueTests
{
    private static readonly ChatTurn[] First = [new("Q1", "A1", HasImage: true), new("Q2", "A2", HasImage: false)];
    private static readonly ChatTurn[] Later = [new("Q1", "A1", HasImage: false)];

    [TestMethod]
    [DataRow(
        "vicuna",
        "USER: <image>\nQ1 ASSISTANT: A1 USER: Q2 ASSISTANT: A2 USER: Q3 ASSISTANT:",
        "USER: Q1 ASSISTANT: A1 USER: <image>\nQ2 ASSISTANT:"
    )]
    [DataRow(
        "mistral",
        "[INST] <image>\nQ1 [/INST] A1</s>[INST] Q2 [/INST] A2</s>[INST] Q3 [/INST]",
        "[INST] Q1 [/INST] A1</s>[INST] <image>\nQ2 [/INST]"
    )]
    [DataRow(
        "qwen2",
        "<|im_start|>user\n<image>\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n<|im_start|>user\nQ3<|im_end|>\n<|im_start|>assistant\n",
        "<|im_start|>user\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\n<image>\nQ2<|im_end|>\n<|im_start|>assistant\n"
    )]
    [DataRow(
        "onevision",
        "<|im_start|>user <image>\nQ1<|im_end|><|im_start|>assistant \nA1<|im_end|><|im_start|>user \nQ2<|im_end|><|im_start|>assistant \nA2<|im_end|><|im_start|>user \nQ3<|im_end|><|im_start|>assistant\n",
        "<|im_start|>user \nQ1<|im_end|><|im_start|>assistant \nA1<|im_end|><|im_start|>user <image>\nQ2<|im_end|><|im_start|>assistant\n"
    )]
    [DataRow(
        "qwen2_5_vl",
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|><image><|vision_end|>Q1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n<|im_start|>user\nQ3<|im_end|>\n<|im_start|>assistant\n",
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\n<|vision_start|><image><|vision_end|>Q2<|im_end|>\n<|im_start|>assistant\n"
    )]
    [DataRow(
        "qwen3_vl",
        "<|im_start|>user\n<|vision_start|><image><|vision_end|>Q1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n<|im_start|>user\nQ3<|im_end|>\n<|im_start|>assistant\n",
        "<|im_start|>user\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\n<|vision_start|><image><|vision_end|>Q2<|im_end|>\n<|im_start|>assistant\n"
    )]
    [DataRow(
        "internvl",
        "<|im_start|>user\n<image>\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n<|im_start|>user\nQ3<|im_end|>\n<|im_start|>assistant\n",
        "<|im_start|>user\nQ1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\n<image>\nQ2<|im_end|>\n<|im_start|>assistant\n"
    )]
    [DataRow(
        "smolvlm",
        "<|im_start|>User:<image>Q1<end_of_utterance>\nAssistant: A1<end_of_utterance>\nUser: Q2<end_of_utterance>\nAssistant: A2<end_of_utterance>\nUser: Q3<end_of_utterance>\nAssistant:",
        "<|im_start|>User: Q1<end_of_utterance>\nAssistant: A1<end_of_utterance>\nUser:<image>Q2<end_of_utterance>\nAssistant:"
    )]
    public void ChatsAreWrittenAsTheFamilysChatTemplateWritesThem(string family, string imageFirst, string imageLater)
    {
        PromptFormat format = FormatOf(family);
        PromptDialogue dialogue = format.DialogueOf(format.Template)!;
        Assert.AreEqual(imageFirst, Written(dialogue.Continue(format.Template, First), "Q3"));
        Assert.AreEqual(imageLater, Written(dialogue.Continue(format.Template, Later), "Q2"));
        Assert.AreEqual(
            format.Template.Replace("{question}", "Q1", StringComparison.Ordinal),
            Written(dialogue.Continue(format.Template, []), "Q1")
        );

        // Every prompt that a known chat template makes goes on.
        foreach (string template in format.ChatTemplates.Values)
        {
            Assert.IsNotNull(format.DialogueOf(template), template);
        }
    }

    [TestMethod]
    public void WhatWasSaidMayHoldPlaceholders()
    {
        PromptFormat format = LlavaPrompts.For("vicuna");
        PromptTemplate chat = format
            .DialogueOf(format.Template)!
            .Continue(format.Template, [new ChatTurn("{answer} {question}", "{question} {word}", HasImage: true)]);
        Assert.AreEqual("USER: <image>\n{answer} {question} ASSISTANT: {question} {word} USER: q ASSISTANT:", Written(chat, "q"));
    }

    [TestMethod]
    public void APromptOfAnotherFormHasNone() => Assert.IsNull(LlavaPrompts.For("vicuna").DialogueOf("Image: <image> Q: {question} A:"));

    [TestMethod]
    public void ASystemMessageStaysAtTheBeginning()
    {
        PromptFormat format = QwenPrompts.For("qwen3_vl", hasSystemMessage: false, BoxUnits.Thousandths);
        string template = format.WithSystem(format.Template, "Be brief.")!;
        StringAssert.StartsWith(
            Written(format.DialogueOf(template)!.Continue(template, Later), "Q2"),
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nQ1<|im_end|>\n"
        );
    }

    private static string Written(PromptTemplate template, string question) =>
        template.BeforeImage + GroundingProfile.ImagePlaceholder + template.BeforeQuestion + question + template.AfterQuestion;

    private static PromptFormat FormatOf(string family)
    {
        using TemporaryFolder folder = new();
        return family switch
        {
            "onevision" => LlavaPrompts.ForTiles("qwen2"),
            "qwen2_5_vl" => QwenPrompts.For(family, hasSystemMessage: true, BoxUnits.InputPixels),
            "qwen3_vl" => QwenPrompts.For(family, hasSystemMessage: false, BoxUnits.Thousandths),
            "internvl" => FamilyRegistry.Read(TiledFolders.WriteInternVl(folder)).Prompts,
            "smolvlm" => FamilyRegistry.Read(TiledFolders.WriteSmolVlm(folder)).Prompts,
            _ => LlavaPrompts.For(family),
        };
    }
}
