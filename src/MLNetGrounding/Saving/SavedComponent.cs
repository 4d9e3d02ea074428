using System.Text.Json;

namespace MLNetGrounding.Saving;

/// <summary>How one kind of component is written into a model and made again from it.</summary>
/// <remarks>
/// <para>
/// A component takes part with two members and a line: its transformer hands <see cref="RowMapTransformer"/> its <c>Name</c> and overrides
/// <c>SavedSettings</c> with everything that makes it what it is; the line in <see cref="SavedComponents"/> makes it again:
/// </para>
/// <code>
/// private protected override object SavedSettings => _options;
///
/// SavedComponent.Of&lt;HeadSelectorOptions&gt;("HeadSelector", 1, (origin, settings) => new HeadSelectorTransformer(origin.Environment, settings.CheckedCopy())),
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
    private readonly Func<SavedModelOrigin, JsonElement, RowMapTransformer> _create;

    private SavedComponent(string name, int version, Type settings, Func<SavedModelOrigin, JsonElement, RowMapTransformer> create)
    {
        Name = name;
        Version = version;
        Settings = settings;
        _create = create;
    }

    /// <summary>The name in saved models, the transformer's <c>Name</c>; never changed.</summary>
    public string Name { get; }

    /// <summary>The version of the settings that is written, and the latest that is read. Earlier ones, from 1, are read for ever.</summary>
    public int Version { get; }

    /// <summary>The type of the settings.</summary>
    public Type Settings { get; }

    public static SavedComponent Of<TSettings>(string name, int version, Func<SavedModelOrigin, TSettings, RowMapTransformer> create) => new(
        name,
        version,
        typeof(TSettings),
        (origin, json) => create(origin, json.Deserialize<TSettings>(SavedJson.Options) ?? throw new JsonException("there are no settings")));

    public RowMapTransformer Create(SavedModelOrigin origin, JsonElement settings) => _create(origin, settings);
}
