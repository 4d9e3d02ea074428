using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>All that Hugging Face calls <c>llava</c>: LLaVA 1.5 and its many relatives that see one square image.</summary>
internal sealed class LlavaFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => LlavaSettingsReader.ModelType;

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        LlavaSettings settings = LlavaSettingsReader.Read(directory);
        return new LlavaArchitecture(settings, SquareImageSettings.Read(directory, settings.Vision.ImageSize));
    }
}
