using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Writes and reads the annotations that this library puts on columns.</summary>
internal static class ColumnAnnotations
{
    /// <summary>The annotation kind that ML.NET's own components use for the names of a vector's slots.</summary>
    public const string SlotNames = "SlotNames";

    /// <summary>Names for more slots than this would take more memory than they are worth.</summary>
    public const int LargestSlotNames = 10_000;

    /// <summary>
    /// Describes a float vector column: its dimensions, the names of its queries and, where there are few enough, of its slots.
    /// </summary>
    /// <param name="name">The column's name.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="axes">What an index of each dimension is called in slot names, e.g. "layer"; the query axis is given by its
    /// names.</param>
    /// <param name="queries">The names along the first dimension, or <see langword="null"/> where the first dimension is no query.</param>
    /// <param name="add">Adds further annotations.</param>
    /// <param name="slotName">
    /// Names the slots of a column of two dimensions by query and index, where they are to be read by people who see many of them.
    /// Default: all indices with their axes.
    /// </param>
    public static DataViewSchema.DetachedColumn Vector(
        string name,
        IReadOnlyList<int> dimensions,
        IReadOnlyList<string> axes,
        IReadOnlyList<string>? queries = null,
        Action<DataViewSchema.Annotations.Builder>? add = null,
        Func<string, int, string>? slotName = null
    )
    {
        double numbers = dimensions.Aggregate(1.0, (product, each) => product * each);
        if (numbers > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Column '{name}' would hold {string.Join(" x ", dimensions)} = {numbers:0} numbers a row; at most {Array.MaxLength} were expected. Ask fewer queries at a time, leave the column out, or ask a smaller grid where the model has a choice.",
                nameof(dimensions)
            );
        }

        int slots = (int)numbers;
        var builder = new DataViewSchema.Annotations.Builder();
        if (queries is not null)
        {
            AddNames(builder, GroundingAnnotations.QueryNames, queries.Count, () => queries);
        }

        if (slots <= LargestSlotNames)
        {
            AddNames(
                builder,
                SlotNames,
                slots,
                () =>
                    slotName is null
                        ? NameSlots(dimensions, axes, queries)
                        : [.. Enumerable.Range(0, slots).Select(slot => slotName(Query(slot / dimensions[1]), slot % dimensions[1]))]
            );
        }

        add?.Invoke(builder);
        return new DataViewSchema.DetachedColumn(
            name,
            new VectorDataViewType(NumberDataViewType.Single, dimensions.ToArray()),
            builder.ToAnnotations()
        );

        string Query(int index) => queries?[index] ?? $"{axes[0]} {index}";
    }

    /// <summary>Describes a column of one text a query.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="queries">The names of the queries, which are the slots' names too.</param>
    /// <param name="add">Adds further annotations.</param>
    public static DataViewSchema.DetachedColumn Texts(
        string name,
        IReadOnlyList<string> queries,
        Action<DataViewSchema.Annotations.Builder>? add = null
    )
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddNames(builder, GroundingAnnotations.QueryNames, queries.Count, () => queries);
        AddNames(builder, SlotNames, queries.Count, () => queries);
        add?.Invoke(builder);
        return new DataViewSchema.DetachedColumn(
            name,
            new VectorDataViewType(TextDataViewType.Instance, queries.Count),
            builder.ToAnnotations()
        );
    }

    /// <summary>Describes a column of several texts a query.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="queries">The names of the queries.</param>
    /// <param name="count">How many texts a query has.</param>
    /// <param name="add">Adds further annotations.</param>
    public static DataViewSchema.DetachedColumn TextTable(
        string name,
        IReadOnlyList<string> queries,
        int count,
        Action<DataViewSchema.Annotations.Builder>? add = null
    )
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddNames(builder, GroundingAnnotations.QueryNames, queries.Count, () => queries);
        add?.Invoke(builder);
        return new DataViewSchema.DetachedColumn(
            name,
            new VectorDataViewType(TextDataViewType.Instance, queries.Count, count),
            builder.ToAnnotations()
        );
    }

    /// <summary>The shape of a float vector column before its dimensions are known.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="withQueries">Whether the column will carry query names.</param>
    public static DataViewSchema.DetachedColumn VectorShape(string name, bool withQueries) =>
        Vector(name, [LargestSlotNames + 1], ["slot"], withQueries ? [""] : null);

    public static void AddNames(DataViewSchema.Annotations.Builder builder, string kind, int count, Func<IReadOnlyList<string>> names) =>
        builder.Add(
            kind,
            new VectorDataViewType(TextDataViewType.Instance, count),
            (ref VBuffer<ReadOnlyMemory<char>> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, count);
                IReadOnlyList<string> values = names();
                for (int index = 0; index < count; index++)
                {
                    editor.Values[index] = values[index].AsMemory();
                }

                destination = editor.Commit();
            }
        );

    public static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string value) =>
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, value.AsMemory());

    public static string? GetText(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind)?.Type is not TextDataViewType)
        {
            return null;
        }

        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    public static string[]? GetNames(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind)?.Type is not VectorDataViewType { ItemType: TextDataViewType })
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    public static void AddNumbers(DataViewSchema.Annotations.Builder builder, string kind, IReadOnlyList<int> values) =>
        builder.Add(
            kind,
            new VectorDataViewType(NumberDataViewType.Int32, values.Count),
            (ref VBuffer<int> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, values.Count);
                for (int index = 0; index < values.Count; index++)
                {
                    editor.Values[index] = values[index];
                }

                destination = editor.Commit();
            }
        );

    public static int[]? GetNumbers(DataViewSchema.Column column, string kind)
    {
        if (
            column.Annotations.Schema.GetColumnOrNull(kind)?.Type is not VectorDataViewType { ItemType: var item }
            || item != NumberDataViewType.Int32
        )
        {
            return null;
        }

        VBuffer<int> values = default;
        column.Annotations.GetValue(kind, ref values);
        return [.. values.DenseValues()];
    }

    /// <summary>The query names of a column: those the user stated, else the column's own, else none.</summary>
    /// <param name="input">The input the column was found as.</param>
    /// <param name="column">The column, whose first dimension counts queries.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="stated">The names the user stated, if any.</param>
    public static IReadOnlyList<string>? QueryNames(
        InputColumn input,
        DataViewSchema.Column column,
        int queries,
        IReadOnlyList<string>? stated
    )
    {
        IReadOnlyList<string>? names = stated ?? GetNames(column, GroundingAnnotations.QueryNames);
        return names is null || names.Count == queries
            ? names
            : throw SchemaMismatch.Because(
                $"{input.Component}: column '{input.Name}' has {queries} queries, but {names.Count} query names were given: {string.Join(", ", names)}. Give one name per query."
            );
    }

    private static string[] NameSlots(IReadOnlyList<int> dimensions, IReadOnlyList<string> axes, IReadOnlyList<string>? queries)
    {
        string[] names = [""];
        for (int axis = 0; axis < dimensions.Count; axis++)
        {
            string[] indices =
                axis == 0 && queries is not null
                    ? [.. queries]
                    : [.. Enumerable.Range(0, dimensions[axis]).Select(index => $"{axes[axis]} {index}")];
            names = [.. names.SelectMany(name => indices.Select(index => name.Length == 0 ? index : $"{name}, {index}"))];
        }

        return names;
    }
}
