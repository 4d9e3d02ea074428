using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Results;

/// <summary>Reads the rows of a view as <see cref="GroundedImage"/>s.</summary>
internal sealed class GroundedImageReader
{
    private const string Component = "ReadImages";

    private readonly IDataView _data;
    private readonly GroundedImageColumns _columns;
    private readonly DataViewSchema.Column _image;
    private readonly DataViewSchema.Column _geometry;
    private readonly (string Method, DataViewSchema.Column Column)[] _methods;
    private readonly IReadOnlyList<string> _queries;
    private readonly AnswerReader? _answers;

    public GroundedImageReader(IDataView data, GroundedImageColumns columns)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        _columns = columns;
        _image = new InputColumn(Component, nameof(columns.Image), columns.Image, new ImageDataViewType()).Find(data.Schema);
        _geometry = Vector(nameof(columns.Geometry), columns.Geometry, [$"{ImageGeometry.Length}"]).Find(data.Schema);
        _answers = AnswerReader.Find(data.Schema, columns);
        _methods =
        [
            .. MethodColumns()
                .Select(method =>
                    (
                        method.Name,
                        Vector(nameof(columns.Methods), method.MapColumnName, ["queries", "gridHeight", "gridWidth"]).Find(data.Schema)
                    )
                ),
        ];
        _queries = _methods.Length > 0 ? [.. _methods[0].Column.GetQueryNames()] : [];
        if (_methods.Length > 0 && _answers is { } found && found.Grid != GridOf(_methods[0].Column))
        {
            _answers = null;
        }

        foreach ((string method, DataViewSchema.Column column) in _methods)
        {
            if (column.GetQueryNames() is not { Count: > 0 } queries || !queries.SequenceEqual(_queries))
            {
                throw SchemaMismatch.Because(
                    $"{Component}: the map column '{column.Name}' of method '{method}' must carry the query names of '{_methods[0].Column.Name}' [{string.Join(", ", _queries)}], but carries [{string.Join(", ", column.GetQueryNames())}]."
                );
            }
        }
    }

    /// <summary>How many images could not be decoded and were left out so far.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The images that could be decoded, in the order of the view.</summary>
    public IEnumerable<GroundedImage> Read()
    {
        LeftOut = 0;
        DataViewSchema.Column?[] optional =
        [
            Optional(_columns.BoundingBox, NumberDataViewType.Single),
            Optional(_columns.KeyPoints, NumberDataViewType.Single),
            Optional(_columns.KeyPointVisible, NumberDataViewType.Single),
            Optional(_columns.CoarseMask, NumberDataViewType.Single),
        ];
        KeyPointDescription description = optional is [_, { } keyPoints, { } visible, _]
            ? KeyPointDescription.Of(keyPoints, visible)
            : new KeyPointDescription();
        DataViewSchema.Column?[] details =
            _columns.Details > 0
                ?
                [
                    Attention(),
                    Optional(_columns.LayerMaps, NumberDataViewType.Single),
                    Optional(_columns.KeptHeads, NumberDataViewType.Single),
                    Neutral(),
                ]
                : [null, null, null, null];
        DataViewSchema.Column?[] texts =
        [
            Optional(_columns.Name, TextDataViewType.Instance),
            Optional(_columns.Label, TextDataViewType.Instance),
        ];
        DataViewSchema.Column[] active =
        [
            _image,
            _geometry,
            .. _methods.Select(method => method.Column),
            .. _answers?.Columns ?? [],
            .. optional.Concat(details).Concat(texts).OfType<DataViewSchema.Column>(),
        ];
        using DataViewRowCursor cursor = _data.GetRowCursor(active);
        ValueGetter<MLImage> imageGetter = cursor.GetGetter<MLImage>(_image);
        VectorInput geometry = new(cursor, _geometry);
        VectorInput[] maps = [.. _methods.Select(method => new VectorInput(cursor, method.Column))];
        VectorInput?[] vectors = Array.ConvertAll(optional, column => Input(cursor, column));
        VectorInput?[] layers = Array.ConvertAll(details, column => Input(cursor, column));
        ValueGetter<ReadOnlyMemory<char>>?[] textGetters = Array.ConvertAll(
            texts,
            column => column is { } each ? cursor.GetGetter<ReadOnlyMemory<char>>(each) : null
        );
        Func<IReadOnlyList<string>, ReadOnlyMemory<float>, IReadOnlyList<GroundedAnswer>>? answers = _answers?.Open(cursor);

        // Handed back to the source with every call, which disposes or keeps it; images may belong to the caller, so a copy is given away.
        MLImage? image = null;
        int count = 0;
        while (cursor.MoveNext())
        {
            imageGetter(ref image!);
            if (image is null)
            {
                LeftOut++;
                continue;
            }

            ReadOnlySpan<float> numbers = geometry.Read();
            GroundedMaps[] found = [.. _methods.Select((method, index) => new GroundedMaps(method.Method, maps[index].Read().ToArray()))];
            yield return new GroundedImage
            {
                Image = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels),
                Geometry = RowValues.AreFinite(numbers) ? ImageGeometry.FromVector(numbers) : NotKnown(image),
                Queries = _queries,
                Methods = found,
                Answers = answers?.Invoke(_queries, found.Length > 0 ? found[0].Maps : default) ?? [],
                Name = Path.GetFileName(Text(textGetters[0])),
                Label = Text(textGetters[1]),
                BoundingBox = Copy(vectors[0]),
                KeyPoints = Copy(vectors[1]),
                KeyPointVisible = Copy(vectors[2]),
                KeyPointDescription = description,
                CoarseMask = Copy(vectors[3]),
                Layers = count++ < _columns.Details && details[0] is { } attention ? LayersOf(attention, layers) : null,
            };
        }
    }

    /// <summary>The geometry of a row that could not be computed: that of its maps, wherever the image lay on them.</summary>
    private ImageGeometry NotKnown(MLImage image)
    {
        MapGrid grid = _methods.Length > 0 ? GridOf(_methods[0].Column) : _answers!.Grid;
        return ImageGeometry.Create(ImageFit.Pad, image.Width, image.Height, grid.Width, grid.Height, grid, 1, 1);
    }

    private MapGrid GridOf(DataViewSchema.Column maps)
    {
        var type = (VectorDataViewType)maps.Type;
        return type.Dimensions is [_, var height, var width] ? new MapGrid(height, width) : new MapGrid(1, type.Size / _queries.Count);
    }

    private static GroundedLayers LayersOf(DataViewSchema.Column attention, VectorInput?[] inputs)
    {
        var type = (VectorDataViewType)attention.Type;
        return new GroundedLayers(type.Dimensions[1], type.Dimensions[2], Copy(inputs[0]))
        {
            LayerMaps = Copy(inputs[1]),
            KeptHeads = Copy(inputs[2]),
            NeutralAttention = Copy(inputs[3]),
        };
    }

    private static InputColumn Vector(string option, string name, string[] dimensions) =>
        new(Component, option, name, NumberDataViewType.Single, dimensions);

    private static VectorInput? Input(DataViewRow row, DataViewSchema.Column? column) =>
        column is { } each ? new VectorInput(row, each) : null;

    private static ReadOnlyMemory<float> Copy(VectorInput? input) =>
        input is null ? default(ReadOnlyMemory<float>) : input.Read().ToArray();

    private static string Text(ValueGetter<ReadOnlyMemory<char>>? getter)
    {
        ReadOnlyMemory<char> text = default;
        getter?.Invoke(ref text);
        return text.ToString();
    }

    private IEnumerable<EvaluatedMethod> MethodColumns()
    {
        if (_columns.Methods is { Count: > 0 } stated)
        {
            return stated;
        }

        List<EvaluatedMethod> found = EvaluatedMethod.AllOf(_data.Schema);
        return found.Count > 0 || _answers is not null ? found : [new(EvaluatedMethod.MapColumn, EvaluatedMethod.MapColumn)];
    }

    private DataViewSchema.Column? Attention() =>
        Optional(_columns.FineAttention, NumberDataViewType.Single) is { Type: VectorDataViewType { Dimensions.Length: 5 } } column
            ? column
            : null;

    /// <summary>
    /// The column of the questions about nothing in particular, if its maps have as many layers, heads and cells as the others.
    /// </summary>
    private DataViewSchema.Column? Neutral() =>
        Optional(_columns.NeutralAttention, NumberDataViewType.Single) is { Type: VectorDataViewType { Dimensions.Length: 5 } type } column
        && Attention()?.Type is VectorDataViewType attention
        && type.Dimensions.Skip(1).SequenceEqual(attention.Dimensions.Skip(1))
            ? column
            : null;

    /// <summary>A column of the view if it is there and is a vector, or for text a scalar, of that type.</summary>
    private DataViewSchema.Column? Optional(string name, DataViewType type) =>
        _data.Schema.GetColumnOrNull(name) is { } column
        && (
            type is TextDataViewType
                ? column.Type is TextDataViewType
                : column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(type)
        )
            ? column
            : null;
}
