using System.Reflection;
using System.Text.Json;
using Microsoft.ML;

namespace MLNetGrounding.Saving;

/// <summary>How one kind of component is written into a model and made again from it.</summary>
/// <remarks>
/// <para>
/// A component takes part with two members and a line: its transformer describes itself by a static <c>Saved</c>, which it hands to its
/// base class, and overrides <c>SavedSettings</c> with everything that makes it what it is; a line in the catalogs' <c>SavedComponents</c>
/// lists it:
/// </para>
/// <code>
/// internal static SavedComponent Saved { get; } = SavedComponent.Of&lt;HeadSelectorOptions&gt;(
///     Name, version: 1, (origin, settings) => new HeadSelectorTransformer(origin.Environment, settings.CheckedCopy()));
///
/// private protected override object SavedSettings => _options;
/// </code>
/// <para>
/// Settings are the component's options where all of those are settings, else a record of its own; they are written as JSON by the names of
/// their public properties, and members that are not known are refused. Once released, a property is never renamed or removed; one that is
/// added has, as its default, what components without it did, and raises the version, which says to earlier releases that they
/// cannot read it. What settings hold is checked where the component is made: an <see cref="ArgumentException"/> there becomes a
/// <see cref="SavedModelException"/>. Settings that cannot be saved make <c>SavedSettings</c> throw, before anything is written.
/// </para>
/// </remarks>
internal sealed class SavedComponent
{
    private readonly Type _settings;
    private readonly Func<SavedModelOrigin, JsonElement, ITransformer> _create;

    private SavedComponent(string name, int version, int earliest, Type settings, Func<SavedModelOrigin, JsonElement, ITransformer> create)
    {
        Name = name;
        Version = version;
        Earliest = earliest;
        _settings = settings;
        _create = create;
    }

    /// <summary>The version of this library that is running, which is written beside all settings.</summary>
    public static string LibraryVersion { get; } =
        typeof(SavedComponent).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The name in saved models; never changed.</summary>
    public string Name { get; }

    /// <summary>The version of the settings that is written, and the latest that is read.</summary>
    public int Version { get; }

    /// <summary>The earliest version that is read; what is older is refused in one line.</summary>
    public int Earliest { get; }

    /// <param name="name">The name in saved models; never changed.</param>
    /// <param name="version">The version of the settings.</param>
    /// <param name="create">Makes the component of its settings.</param>
    /// <param name="earliest">The earliest version that is read.</param>
    /// <param name="check">Looks at the settings before they are read, where a clearer error can be given.</param>
    public static SavedComponent Of<TSettings>(
        string name,
        int version,
        Func<SavedModelOrigin, TSettings, ITransformer> create,
        int earliest = 1,
        Action<JsonElement>? check = null
    ) =>
        new(
            name,
            version,
            earliest,
            typeof(TSettings),
            (origin, json) =>
            {
                check?.Invoke(json);
                return create(origin, json.Deserialize<TSettings>(SavedJson.Options) ?? throw new JsonException("there are no settings"));
            }
        );

    public void Write(ModelSaveContext context, object settings)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(
            new SavedEnvelope
            {
                Component = Name,
                Version = Version,
                Writer = LibraryVersion,
                Settings = JsonSerializer.SerializeToElement(settings, _settings, SavedJson.Options),
            },
            SavedJson.Options
        );
        if (text.Length > ComponentText.LongestText)
        {
            throw new NotSupportedException(
                $"{Name} cannot be saved: its settings take {text.Length} bytes, of at most {ComponentText.LongestText}."
            );
        }

        ComponentText.Write(context, text);
    }

    public ITransformer Create(SavedModelOrigin origin, JsonElement settings) => _create(origin, settings);
}
