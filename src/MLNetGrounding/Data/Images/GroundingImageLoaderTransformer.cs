using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Loads images by path: adds a column of <see cref="MLImage"/>, opaque BGRA as <see cref="ImageFile"/> decodes it,
/// <see langword="null"/> where the file cannot be read or decoded.
/// </summary>
public sealed class GroundingImageLoaderTransformer : RowMapTransformer
{
    internal const string Name = "GroundingImageLoader";

    private readonly string _outputColumnName;
    private readonly InputColumn _input;
    private readonly ImageLoadingOptions _loading;

    internal GroundingImageLoaderTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName, ImageLoadingOptions loading)
        : base(environment, Name)
    {
        _outputColumnName = outputColumnName;
        _input = Input(inputColumnName);
        _loading = loading;
    }

    internal ImageLoadingOptions Loading => _loading;

    private protected override object SavedSettings =>
        new SavedImageLoader { OutputColumnName = _outputColumnName, InputColumnName = _input.Name, Loading = _loading };

    internal static InputColumn Input(string name) => new(Name, "inputColumnName", name, TextDataViewType.Instance);

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, _input.Find(inputSchema));

    private sealed class Map(GroundingImageLoaderTransformer owner, DataViewSchema inputSchema, DataViewSchema.Column path)
        : RowMap(inputSchema, [new(owner._outputColumnName, new ImageDataViewType())])
    {
        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [path];

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner.Host, row, path, owner._loading);
    }

    private sealed class Mapper(IHost host, DataViewRow row, DataViewSchema.Column pathColumn, ImageLoadingOptions loading) : RowMapper(row)
    {
        private readonly FailedRows _failed = new(host, Name, row);

        // The consumer owns and disposes the image, so each call decodes a new one, as ML.NET's own loader does.
        public override Delegate CreateGetter(int output)
        {
            ValueGetter<ReadOnlyMemory<char>> getPath = Row.GetGetter<ReadOnlyMemory<char>>(pathColumn);
            ReadOnlyMemory<char> path = default;
            return (ValueGetter<MLImage>)((ref MLImage destination) =>
            {
                destination?.Dispose();
                getPath(ref path);
                MLImage? image = ImageFile.TryLoad(path.ToString(), loading, out string? reason);
                if (image is null)
                {
                    _failed.Add(reason!);
                }

                destination = image!;
            });
        }

        protected override void DisposeCore() => _failed.Dispose();
    }
}
