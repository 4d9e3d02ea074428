using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>SmolVLM, SmolVLM2 and Idefics3: one architecture under two names.</summary>
/// <param name="modelType"><c>smolvlm</c> or <c>idefics3</c>.</param>
internal sealed class SmolVlmFamily(string modelType) : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => modelType;

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        SmolVlmSettings settings = SmolVlmSettingsReader.Read(directory, modelType);
        return new SmolVlmArchitecture(settings, SmolVlmImageSettings.Read(directory, settings.Vision.ImageSize));
    }
}
