using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// What a data set's key points are: their names, which of them count for which word, and whose map a word's map is compared with in the
/// control. It travels as annotations of the column of key points (<see cref="GroundingAnnotations.KeyPointNames"/>,
/// <see cref="GroundingAnnotations.KeyPointTable"/>, <see cref="GroundingAnnotations.SwappedQueries"/>), through stock steps that keep the
/// column and through files that <c>SaveAsBinary</c> writes.
/// </summary>
/// <remarks>
/// <c>LoadCub</c> fills it in. For rows of one's own, <see cref="AddTo"/> puts it on a column of <c>LoadFromEnumerable</c>. Without it a
/// word is scored on the points of its own name, and a word of which nothing is known is not scored.
/// </remarks>
public sealed class KeyPointDescription
{
    /// <summary>The points' names, in their order. Default: not known.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>
    /// For each word the indices of the points that count for it; a word is hit where any of its visible points is. An empty list means
    /// that the word is never scored. Default: none, each word has the points of its own name.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> KeyPointTable { get; init; } =
        new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);

    /// <summary>
    /// For each word the word whose map is scored on its points in the control. Words that are not in it have no control. Default
    /// <see langword="null"/>: of Q words, word k has the map of word k + Q / 2, cyclically.
    /// </summary>
    public IReadOnlyDictionary<string, string>? SwappedQueries { get; init; }

    /// <summary>What a column of key points, floats <c>[points, 2]</c>, says about itself.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The description; where the column carries none, an empty one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An annotation is damaged.</exception>
    public static KeyPointDescription Of(DataViewSchema.Column column) =>
        new()
        {
            Names = ColumnAnnotations.GetNames(column, GroundingAnnotations.KeyPointNames) ?? [],
            KeyPointTable = ReadTable(column),
            SwappedQueries = Read<Dictionary<string, string>>(column, GroundingAnnotations.SwappedQueries),
        };

    /// <summary>The same; where the column names no points, the slots of the column that says which are visible may.</summary>
    internal static KeyPointDescription Of(DataViewSchema.Column keyPoints, DataViewSchema.Column visible)
    {
        KeyPointDescription own = Of(keyPoints);
        return own.Names.Count > 0
            ? own
            : new KeyPointDescription
            {
                Names = ColumnAnnotations.GetNames(visible, ColumnAnnotations.SlotNames) ?? [],
                KeyPointTable = own.KeyPointTable,
                SwappedQueries = own.SwappedQueries,
            };
    }

    /// <summary>Puts the description on a column of rows that are loaded from objects.</summary>
    /// <param name="column">The column of key points, <c>definition["KeyPoints"]</c>.</param>
    /// <exception cref="InvalidOperationException">The column has such annotations already.</exception>
    public void AddTo(SchemaDefinition.Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (Names.Count > 0)
        {
            VBuffer<ReadOnlyMemory<char>> names = new(Names.Count, [.. Names.Select(name => name.AsMemory())]);
            column.AddAnnotation(GroundingAnnotations.KeyPointNames, names, new VectorDataViewType(TextDataViewType.Instance, Names.Count));
        }

        foreach ((string kind, string text) in Texts)
        {
            column.AddAnnotation(kind, text.AsMemory(), TextDataViewType.Instance);
        }
    }

    /// <summary>Puts the description on a column that is being made.</summary>
    internal void Annotate(DataViewSchema.Annotations.Builder builder)
    {
        if (Names.Count > 0)
        {
            ColumnAnnotations.AddNames(builder, GroundingAnnotations.KeyPointNames, Names.Count, () => Names);
        }

        foreach ((string kind, string text) in Texts)
        {
            ColumnAnnotations.AddText(builder, kind, text);
        }
    }

    private IEnumerable<(string Kind, string Text)> Texts
    {
        get
        {
            if (KeyPointTable.Count > 0)
            {
                yield return (GroundingAnnotations.KeyPointTable, JsonSerializer.Serialize(KeyPointTable));
            }

            if (SwappedQueries is { } swapped)
            {
                yield return (GroundingAnnotations.SwappedQueries, JsonSerializer.Serialize(swapped));
            }
        }
    }

    private static Dictionary<string, IReadOnlyList<int>> ReadTable(DataViewSchema.Column column)
    {
        Dictionary<string, IReadOnlyList<int>> table = new(StringComparer.Ordinal);
        foreach ((string word, int[]? points) in Read<Dictionary<string, int[]?>>(column, GroundingAnnotations.KeyPointTable) ?? [])
        {
            table[word] = points ?? throw Damaged(column, GroundingAnnotations.KeyPointTable, $"'{word}' has no list");
        }

        return table;
    }

    private static T? Read<T>(DataViewSchema.Column column, string kind)
        where T : class
    {
        try
        {
            return ColumnAnnotations.GetText(column, kind) is { } text ? JsonSerializer.Deserialize<T>(text) : null;
        }
        catch (JsonException exception)
        {
            throw Damaged(column, kind, exception.Message);
        }
    }

    private static ArgumentOutOfRangeException Damaged(DataViewSchema.Column column, string kind, string why) =>
        SchemaMismatch.Because(
            $"The annotation '{kind}' of column '{column.Name}' cannot be read: {why}. "
                + $"It must be JSON of the form that {nameof(KeyPointDescription)} writes."
        );
}
