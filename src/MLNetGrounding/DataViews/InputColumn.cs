using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetGrounding.DataViews;

/// <summary>
/// What a component expects of one of its input columns, and the checks of it before and after the schema is known in full.
/// </summary>
/// <param name="Component">The component's name, for messages.</param>
/// <param name="Option">The option that names the column, for messages.</param>
/// <param name="Name">The column's name.</param>
/// <param name="ItemType">The type of the column, or of its items.</param>
/// <param name="Dimensions">The dimensions in words, or <see langword="null"/> for a scalar.</param>
internal sealed record InputColumn(string Component, string Option, string Name, DataViewType ItemType, string[]? Dimensions = null)
{
    /// <summary>What else may be done where the column is missing; a sentence, or nothing.</summary>
    public string Remedy { get; init; } = "";

    private bool IsVector => Dimensions is not null;

    private string Expected =>
        IsVector ? $"a vector of {ItemType} of known size with dimensions [{string.Join(", ", Dimensions!)}]" : $"a {ItemType}";

    /// <summary>The check that ML.NET makes before anything is fitted: the column exists and is of the right kind and item type.</summary>
    public void Check(SchemaShape schema)
    {
        SchemaShape.Column? found = schema.Cast<SchemaShape.Column?>().FirstOrDefault(column => column!.Value.Name == Name);
        if (found is not { } column)
        {
            throw Missing(schema.Select(each => each.Name));
        }

        SchemaShape.Column.VectorKind kind = IsVector ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar;
        if (column.Kind != kind || column.IsKey || !IsItemType(column.ItemType))
        {
            string actual = column.Kind switch
            {
                SchemaShape.Column.VectorKind.Vector => $"a vector of {column.ItemType}",
                SchemaShape.Column.VectorKind.VariableVector => $"a vector of {column.ItemType} of variable size",
                _ => $"a {column.ItemType}",
            };
            throw Mismatch(column.IsKey ? actual + " key" : actual);
        }
    }

    /// <summary>Finds the column in a schema and checks its type.</summary>
    public DataViewSchema.Column Find(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Name) is not { } column)
        {
            throw Missing(schema.Where(each => !each.IsHidden).Select(each => each.Name));
        }

        bool matches = IsVector
            ? column.Type is VectorDataViewType { IsKnownSize: true } vector && IsItemType(vector.ItemType)
            : IsItemType(column.Type);
        return matches ? column : throw Mismatch(Describe(column.Type));
    }

    /// <summary>
    /// The dimensions of a vector column: its own where it has as many as expected, else those that the user stated
    /// for a column whose vectors are flat.
    /// </summary>
    /// <param name="column">The column, as <see cref="Find"/> returned it.</param>
    /// <param name="stated">The dimensions that the user stated, if any.</param>
    /// <param name="statedOption">The option they were stated in, or <see langword="null"/> where there is no such option.</param>
    public int[] DimensionsOf(DataViewSchema.Column column, IReadOnlyList<int>? stated = null, string? statedOption = null)
    {
        var type = (VectorDataViewType)column.Type;
        int[] own = [.. type.Dimensions];
        if (stated is not null)
        {
            if (stated.Count != Dimensions!.Length || stated.Any(each => each <= 0))
            {
                throw new ArgumentOutOfRangeException(
                    statedOption,
                    $"{Component}: {statedOption} must hold {Dimensions.Length} positive numbers, [{string.Join(", ", Dimensions)}], but is [{string.Join(", ", stated)}]."
                );
            }

            bool agrees =
                own.Length > 1
                    ? own.AsSpan().SequenceEqual([.. stated])
                    : stated.Aggregate(1L, (product, each) => product * each) == type.Size;
            return agrees
                ? [.. stated]
                : throw Mismatch($"{Describe(type)}, which does not fit {statedOption} [{string.Join(", ", stated)}]");
        }

        if (own.Length != Dimensions!.Length)
        {
            string hint = statedOption is null ? "" : $" State the dimensions of a flat vector in {statedOption}.";
            throw Mismatch(Describe(type), hint);
        }

        return own;
    }

    /// <summary>Throws where a vector column, as <see cref="Find"/> returned it, has another size than what it holds.</summary>
    public void RequireSize(DataViewSchema.Column column, int size, string of) =>
        RequireDimension(0, ((VectorDataViewType)column.Type).Size, size, of);

    /// <summary>Throws where a dimension differs from what another column has.</summary>
    public void RequireDimension(int index, int actual, int expected, string of)
    {
        if (actual != expected)
        {
            throw Mismatch($"{actual} as {Dimensions![index]}, but {of} has {expected}");
        }
    }

    public ArgumentOutOfRangeException Mismatch(string actual, string hint = "") =>
        SchemaMismatch.Because(
            $"{Component}: input column '{Name}' must be {Expected}, but is {actual}.{hint} Set {Option} to a column that fits."
        );

    private ArgumentOutOfRangeException Missing(IEnumerable<string> names) =>
        SchemaMismatch.Because(
            $"{Component}: there is no input column '{Name}', which must be {Expected}. {Capitalized(Maker)}, or set {Option} to one of the columns of the data.{Space(Remedy)} The data has: {string.Join(", ", names)}."
        );

    /// <summary>What makes the column, where it or its option is one of ours.</summary>
    private string Maker => ColumnMakers.Of(Name) ?? ColumnMakers.OfOption(Option) ?? "append the component that makes it before this one";

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Space(string sentence) => sentence.Length > 0 ? " " + sentence : "";

    // Images of a known size are images too.
    private bool IsItemType(DataViewType type) => type.Equals(ItemType) || (ItemType is ImageDataViewType && type is ImageDataViewType);

    private static string Describe(DataViewType type) =>
        type switch
        {
            VectorDataViewType { IsKnownSize: false } vector => $"a vector of {vector.ItemType} of variable size",
            VectorDataViewType vector => $"a vector of {vector.ItemType} with dimensions [{string.Join(", ", vector.Dimensions)}]",
            _ => $"a {type}",
        };
}
