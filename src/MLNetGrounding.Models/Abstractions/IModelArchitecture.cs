using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>One checkpoint's architecture: what is known before its weights are opened.</summary>
internal interface IModelArchitecture
{
    /// <summary>What the rest of the library knows of the model.</summary>
    ModelInfo Info { get; }

    /// <summary>How the model is asked where the checkpoint does not say otherwise.</summary>
    PromptFormat Prompts { get; }

    /// <summary>Numbers of layers, each with the setting that states it and what the names of the layers' tensors begin with.</summary>
    IReadOnlyList<LayerCount> LayerCounts { get; }

    /// <summary>The name that <see cref="Build"/> asks for, of a tensor that files may name otherwise.</summary>
    string CanonicalName(string name);

    /// <summary>Whether a stored tensor that <see cref="Build"/> does not ask for may be left aside.</summary>
    bool IsUnused(string canonicalName);

    /// <summary>What prepares images.</summary>
    /// <param name="tokenizer">The checkpoint's tokenizer, for families that write text between the views of an image, or
    /// <see langword="null"/>.</param>
    IImagePreprocessor CreateImagePreprocessor(TextTokenizer? tokenizer);

    /// <summary>Builds the networks over weights that the source goes on to own.</summary>
    IModelNetwork Build(ITensorSource source);
}
