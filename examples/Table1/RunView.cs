using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace Table1;

/// <summary>
/// The rows of a run with the maps of its methods: from the kept ones where an image has them all, else from the model, and then kept.
/// </summary>
internal sealed class RunView : IDataView
{
    private readonly IDataView _source;
    private readonly string _imageId;
    private readonly KeptMaps? _kept;
    private readonly bool _hasModel;
    private readonly Action _computed;

    /// <summary>The methods that columns are made of.</summary>
    private readonly string[] _methods;

    /// <summary>The methods that are kept.</summary>
    private readonly string[] _keptMethods;
    private readonly MapGrid _grid;

    /// <param name="rows">The rows.</param>
    /// <param name="model">The same rows with the maps that the model gives; null where all are kept.</param>
    /// <param name="imageId">The column that tells images from each other.</param>
    /// <param name="words">The words.</param>
    /// <param name="methods">The methods whose maps are wanted.</param>
    /// <param name="keptMethods">The methods whose maps are kept.</param>
    /// <param name="kept">The kept maps, or null where none are kept.</param>
    /// <param name="computed">Is called after each image that the model computed.</param>
    public RunView(
        IDataView rows,
        IDataView? model,
        string imageId,
        IReadOnlyList<string> words,
        IReadOnlyList<string> methods,
        IReadOnlyList<string> keptMethods,
        KeptMaps? kept,
        Action computed
    )
    {
        (_source, _imageId, _kept, _hasModel, _computed) = (model ?? rows, imageId, kept, model is not null, computed);
        (_methods, _keptMethods) = ([.. methods], [.. keptMethods]);
        _grid = model is null ? kept!.Grid!.Value : GridOf(model.Schema[ColumnOf(methods[0])]);
        DataViewSchema.Builder builder = new();
        foreach (DataViewSchema.Column column in rows.Schema.Where(column => !column.IsHidden))
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        builder.AddColumn(GroundingColumns.Geometry, new VectorDataViewType(NumberDataViewType.Single, ImageGeometry.Length), null);
        foreach (string method in methods)
        {
            builder.AddColumn(
                ColumnOf(method),
                new VectorDataViewType(NumberDataViewType.Single, words.Count, _grid.Height, _grid.Width),
                null
            );
        }

        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>The column of a method's maps.</summary>
    public static string ColumnOf(string method) => $"{GroundingColumns.GroundingMaps}.{method}";

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        bool computes = _hasModel && needed.Any(column => IsOfModel(column.Name));
        IEnumerable<string> names = needed
            .Select(column => column.Name)
            .Where(name => !IsOfModel(name))
            .Append(_imageId)
            .Concat(computes ? [GroundingColumns.Geometry, .. _keptMethods.Union(_methods).Select(ColumnOf)] : (string[])[])
            .Distinct();
        return new Cursor(
            this,
            [.. needed.Select(column => column.Index)],
            _source.GetRowCursor(names.Select(name => _source.Schema[name]))
        );
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static MapGrid GridOf(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { Dimensions: [_, var height, var width] }
            ? new MapGrid(height, width)
            : throw new InvalidOperationException($"Column '{column.Name}' holds no maps.");

    private static bool IsOfModel(string name) =>
        name == GroundingColumns.Geometry || name.StartsWith(GroundingColumns.GroundingMaps + ".", StringComparison.Ordinal);

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly RunView _view;
        private readonly HashSet<int> _active;
        private readonly DataViewRowCursor _inner;
        private readonly ValueGetter<ReadOnlyMemory<char>>? _text;
        private readonly ValueGetter<int>? _number;
        private readonly bool _gives;
        private readonly Dictionary<string, ValueGetter<VBuffer<float>>> _fromModel = [];
        private KeptImage? _image;
        private long _at = -1;

        public Cursor(RunView view, HashSet<int> active, DataViewRowCursor inner)
        {
            (_view, _active, _inner) = (view, active, inner);
            _gives = view.Schema.Any(column => active.Contains(column.Index) && IsOfModel(column.Name));
            DataViewSchema.Column id = inner.Schema[view._imageId];
            if (id.Type is TextDataViewType)
            {
                _text = inner.GetGetter<ReadOnlyMemory<char>>(id);
            }
            else
            {
                _number = inner.GetGetter<int>(id);
            }

            // All before the first is read: what an image is captured for is known then.
            foreach (DataViewSchema.Column column in inner.Schema.Where(column => IsOfModel(column.Name) && inner.IsColumnActive(column)))
            {
                _fromModel.Add(column.Name, inner.GetGetter<VBuffer<float>>(column));
            }
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _inner.Position;

        public override long Batch => _inner.Batch;

        public override bool MoveNext() => _inner.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => _inner.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor.");
            }

            if (!IsOfModel(column.Name))
            {
                ValueGetter<TValue> inner = _inner.GetGetter<TValue>(_inner.Schema[column.Name]);
                return column.Name != _view._imageId || _view._kept is null || !_gives
                    ? inner
                    : (ref TValue value) =>
                    {
                        // An image whose scores are there already is asked for its name only, and is kept all the same.
                        Find();
                        inner(ref value);
                    };
            }

            string? method = column.Name == GroundingColumns.Geometry ? null : column.Name[(GroundingColumns.GroundingMaps.Length + 1)..];
            return (ValueGetter<TValue>)
                (Delegate)
                    (ValueGetter<VBuffer<float>>)(
                        (ref VBuffer<float> value) =>
                        {
                            KeptImage image = Find();
                            float[] numbers = method is null ? image.Geometry : image.Maps[method];
                            var editor = VBufferEditor.Create(ref value, numbers.Length);
                            numbers.CopyTo(editor.Values);
                            value = editor.Commit();
                        }
                    );
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }

        /// <summary>The maps of the present row.</summary>
        private KeptImage Find()
        {
            if (_image is not null && _at == Position)
            {
                return _image;
            }

            string name = Name();
            string[] wanted = _view._kept is null ? _view._methods : [.. _view._keptMethods.Union(_view._methods)];
            IReadOnlySet<string>? had = _view._kept?.MethodsOf(name);
            if (had is not null && wanted.All(had.Contains))
            {
                _image = _view._kept!.Find(name)!;
            }
            else if (_view._hasModel)
            {
                _image = Compute(name, wanted);
            }
            else
            {
                throw new InvalidOperationException($"The maps of image '{name}' are not kept.");
            }

            _at = Position;
            return _image;
        }

        private KeptImage Compute(string name, string[] methods)
        {
            KeptImage image = new(
                name,
                FromModel(GroundingColumns.Geometry),
                methods.ToDictionary(method => method, method => FromModel(ColumnOf(method)), StringComparer.Ordinal)
            );
            _view._computed();
            // What failed is tried again by the next run.
            if (_view._kept is { } kept && Array.TrueForAll(image.Geometry, float.IsFinite))
            {
                kept.Add(image, _view._grid);
            }

            return image;
        }

        private float[] FromModel(string column)
        {
            VBuffer<float> values = default;
            _fromModel[column](ref values);
            return [.. values.DenseValues()];
        }

        private string Name()
        {
            if (_text is null)
            {
                int number = 0;
                _number!(ref number);
                return number.ToString(CultureInfo.InvariantCulture);
            }

            ReadOnlyMemory<char> text = default;
            _text(ref text);
            return text.ToString();
        }
    }
}
