using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Catalogs;
using MLNetGrounding.MlNet;
using MLNetGrounding.Saving;

[assembly: ComponentReader(typeof(SavedComponents))]

namespace MLNetGrounding.Catalogs;

/// <summary>The components that a saved model can hold, see <see cref="SavedComponent"/>.</summary>
internal sealed class SavedComponents : IComponentReader
{
    private static readonly Dictionary<string, SavedComponent> All = new[]
    {
        GroundingImageLoaderTransformer.Saved,
        AttentionExtractorTransformer.Saved,
        MethodGrounderTransformer.Saved,
        QuestionAnswererTransformer.Saved,
        HeadSelectorTransformer.Saved,
        RolloutMaskerTransformer.Saved,
        GroundingFeaturizerTransformer.Saved,
        RegionFinderTransformer.Saved,
        MpirEvaluatorTransformer.Saved,
        GroundingDrawerTransformer.Saved,
    }.ToDictionary(component => component.Name, StringComparer.Ordinal);

    public ITransformer Read(StoredComponent stored, IHostEnvironment environment) =>
        Read(ComponentText.Read(stored), new SavedModelOrigin(environment, stored.Folder) { Resolver = SavedModelFile.Resolver });

    private static ITransformer Read(byte[] text, SavedModelOrigin origin)
    {
        string name = "A component";
        try
        {
            SavedEnvelope envelope =
                JsonSerializer.Deserialize<SavedEnvelope>(text, SavedJson.Options) ?? throw new JsonException("nothing was saved");
            name = $"{envelope.Component} of the saved model";
            if (!All.TryGetValue(envelope.Component, out SavedComponent? component) || envelope.Version > component.Version)
            {
                string known = component is null
                    ? "does not know this component"
                    : $"reads its settings up to version {component.Version}, while these have version {envelope.Version}";
                throw new SavedModelException(
                    $"{name} was saved by MLNetGrounding {envelope.Writer}. This is MLNetGrounding {SavedComponent.LibraryVersion}, which {known}. Load it with MLNetGrounding {envelope.Writer} or later."
                );
            }

            return envelope.Version >= component.Earliest ? component.Create(origin, envelope.Settings)
                : envelope.Version < 1
                    ? throw new SavedModelException($"{name} has settings of version {envelope.Version}; versions begin with 1.")
                : throw new SavedModelException(
                    $"{name} has settings of version {envelope.Version}, which say less than is needed now; versions from {component.Earliest} on are read. Build the pipeline anew and save it again."
                );
        }
        catch (Exception exception) when (IsOfTheSettings(exception))
        {
            // Nothing inside: what ML.NET wraps around this is left behind by asking for the innermost exception.
            throw new SavedModelException($"{name} cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// What settings out of their ranges end in; a null where none belongs is refused by the serializer from .NET 9 on. It is not supported
    /// to leave out which kind of method settings are of.
    /// </summary>
    private static bool IsOfTheSettings(Exception exception) =>
        exception
            is JsonException
                or NotSupportedException
                or ArgumentException
                or OverflowException
                or InvalidOperationException
                or NullReferenceException;
}
