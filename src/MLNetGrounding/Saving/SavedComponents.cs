using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using MLNetGrounding.Attention;
using MLNetGrounding.Methods;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Saving;

/// <summary>Every component that can be saved.</summary>
internal static class SavedComponents
{
    private static readonly Dictionary<string, SavedComponent> All = new SavedComponent[]
    {
        SavedComponent.Of<SavedImageLoader>(GroundingImageLoaderTransformer.Name, 2, (origin, settings) => settings.Create(origin)),
        SavedComponent.Of<SavedAttentionExtractor>(AttentionExtractorTransformer.Name, 1, (origin, settings) => settings.Create(origin)),
        SavedComponent.Of<SavedMethodGrounder>(MethodGrounderTransformer.Name, 1, (origin, settings) => settings.Create(origin)),
        SavedComponent.Of<HeadSelectorOptions>("HeadSelector", 1, (origin, settings) => new HeadSelectorTransformer(origin.Environment, settings.CheckedCopy())),
        SavedComponent.Of<RolloutMaskerOptions>("RolloutMasker", 1, (origin, settings) => new RolloutMaskerTransformer(origin.Environment, settings.CheckedCopy())),
        SavedComponent.Of<GroundingFeaturizerOptions>("GroundingFeaturizer", 1, (origin, settings) => new GroundingFeaturizerTransformer(origin.Environment, settings.CheckedCopy())),
        SavedComponent.Of<MpirEvaluatorOptions>("MpirEvaluator", 1, (origin, settings) => new MpirEvaluatorTransformer(origin.Environment, settings.CheckedCopy())),
        SavedComponent.Of<GroundingDrawerOptions>(GroundingDrawerTransformer.Name, 1, (origin, settings) => new GroundingDrawerTransformer(origin.Environment, settings.CheckedCopy())),
    }.ToDictionary(component => component.Name, StringComparer.Ordinal);

    private static string LibraryVersion { get; } =
        typeof(SavedComponents).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Writes a component. Whatever stands against saving it is found before the first byte is written.</summary>
    public static void Write(ModelSaveContext context, string name, object settings)
    {
        SavedComponent component = All[name];
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(
            new SavedEnvelope
            {
                Component = component.Name,
                Version = component.Version,
                Writer = LibraryVersion,
                Settings = JsonSerializer.SerializeToElement(settings, component.Settings, SavedJson.Options),
            },
            SavedJson.Options);
        if (text.Length > ModelStream.LongestText)
        {
            throw new NotSupportedException($"{name} cannot be saved: its settings take {text.Length} bytes, of at most {ModelStream.LongestText}.");
        }

        ModelStream.Write(context, text);
    }

    /// <summary>Makes a component again from its text.</summary>
    /// <exception cref="SavedModelException">The text is of no component known here, of a later version, or has settings out of their ranges.</exception>
    public static RowMapTransformer Read(byte[] text, SavedModelOrigin origin)
    {
        string name = "A component";
        try
        {
            SavedEnvelope envelope = JsonSerializer.Deserialize<SavedEnvelope>(text, SavedJson.Options) ?? throw new JsonException("nothing was saved");
            name = $"{envelope.Component} of the saved model";
            if (!All.TryGetValue(envelope.Component, out SavedComponent? component) || envelope.Version > component.Version)
            {
                string known = component is null
                    ? "does not know this component"
                    : $"reads its settings up to version {component.Version}, while these have version {envelope.Version}";
                throw new SavedModelException(
                    $"{name} was saved by MLNetGrounding {envelope.Writer}. This is MLNetGrounding {LibraryVersion}, which {known}. Load it with MLNetGrounding {envelope.Writer} or later.");
            }

            return envelope.Version >= 1
                ? component.Create(origin, envelope.Settings)
                : throw new SavedModelException($"{name} has settings of version {envelope.Version}; versions begin with 1.");
        }
        catch (Exception exception) when (IsOfTheSettings(exception))
        {
            // Nothing inside: what ML.NET wraps around this is left behind by asking for the innermost exception.
            throw new SavedModelException($"{name} cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// What settings out of their ranges end in; a null where none belongs is refused by the serializer from .NET 9 on. It is not supported to
    /// leave out which kind of method settings are of.
    /// </summary>
    private static bool IsOfTheSettings(Exception exception) =>
        exception is JsonException or NotSupportedException or ArgumentException or OverflowException or InvalidOperationException or NullReferenceException;
}
