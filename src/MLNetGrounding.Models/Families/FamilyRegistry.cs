using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.InternVl;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Families.Llava.LlavaNext;
using MLNetGrounding.Models.Families.Llava.LlavaOneVision;
using MLNetGrounding.Models.Families.QwenVl.Qwen25Vl;
using MLNetGrounding.Models.Families.QwenVl.Qwen2Vl;
using MLNetGrounding.Models.Families.QwenVl.Qwen3Vl;
using MLNetGrounding.Models.Families.SmolVlm;

namespace MLNetGrounding.Models.Families;

/// <summary>The families that can be opened, by <c>model_type</c>: a further one is a folder beside this file and a line here.</summary>
internal static class FamilyRegistry
{
    private static readonly IModelFamily[] Families =
    [
        new LlavaFamily(),
        new LlavaNextFamily(),
        new LlavaOneVisionFamily(),
        new Qwen2VlFamily(),
        new Qwen25VlFamily(),
        new Qwen3VlFamily(),
        new InternVlFamily(),
        new SmolVlmFamily("smolvlm"),
        new SmolVlmFamily("idefics3"),
    ];

    /// <summary>The values of <c>model_type</c> that can be opened.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = [.. Families.Select(family => family.ModelType)];

    /// <summary>Reads the architecture of a checkpoint folder.</summary>
    /// <exception cref="CheckpointException">No family here is of its type, or a setting is missing, wrong or not understood.</exception>
    public static IModelArchitecture Read(string directory)
    {
        JsonSettings configuration = CheckpointSettings.Configuration(directory);
        string type = configuration.Text("model_type");
        IModelFamily family =
            Array.Find(Families, family => family.ModelType == type)
            ?? throw configuration.Wrong(
                "model_type",
                Families.Select(near => near.Refuse(configuration)).FirstOrDefault(reason => reason is not null)
                    ?? $"one of {string.Join(", ", ModelTypes)} was expected, found '{type}'"
            );
        return family.Read(directory);
    }
}
