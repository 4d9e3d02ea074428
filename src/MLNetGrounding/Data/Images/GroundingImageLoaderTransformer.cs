using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Data.Images;
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

    internal GroundingImageLoaderTransformer(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        ImageLoadingOptions loading
    )
        : base(environment, Saved)
    {
        _outputColumnName = outputColumnName;
        _input = Input(inputColumnName);
        _loading = loading;
    }

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<SavedImageLoader>(Name, version: 2, (origin, settings) => settings.Create(origin));

    internal ImageLoadingOptions Loading => _loading;

    private protected override object SavedSettings =>
        new SavedImageLoader
        {
            OutputColumnName = _outputColumnName,
            InputColumnName = _input.Name,
            Loading = _loading,
        };

    internal static InputColumn Input(string name) => new(Name, "inputColumnName", name, TextDataViewType.Instance);

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, _input.Find(inputSchema));

    private sealed class Map(GroundingImageLoaderTransformer owner, DataViewSchema inputSchema, DataViewSchema.Column path)
        : RowMap(inputSchema, [new(owner._outputColumnName, new ImageDataViewType())])
    {
        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [path];

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner.Host, row, path, owner._loading);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly FailedRows _failed;
        private readonly DataViewSchema.Column _pathColumn;
        private readonly ImageLoadingOptions _loading;
        private readonly OncePerRow _decodeStep;
        private ValueGetter<ReadOnlyMemory<char>>? _getPath;
        private ReadOnlyMemory<char> _path;
        private MLImage? _shared;
        private int _readers;

        public Mapper(IHost host, DataViewRow row, DataViewSchema.Column pathColumn, ImageLoadingOptions loading)
            : base(row)
        {
            _failed = new FailedRows(host, Name, row);
            _pathColumn = pathColumn;
            _loading = loading;
            _decodeStep = Once(DecodeForAll);
        }

        // The consumer owns and disposes the image, as with ML.NET's own loader: an only reader gets what was decoded, several get copies
        // of it.
        public override Delegate CreateGetter(int output)
        {
            _getPath ??= Row.GetGetter<ReadOnlyMemory<char>>(_pathColumn);
            _readers++;
            return (ValueGetter<MLImage>)(
                (ref MLImage destination) =>
                {
                    destination?.Dispose();
                    destination = (_readers == 1 ? Decode() : CopyOfShared())!;
                }
            );
        }

        protected override void DisposeCore()
        {
            _shared?.Dispose();
            _failed.Dispose();
        }

        private MLImage? CopyOfShared()
        {
            _decodeStep.Run();
            if (_shared is null)
            {
                return null;
            }

            var copy = MLImage.CreateFromPixels(_shared.Width, _shared.Height, _shared.PixelFormat, _shared.Pixels);
            copy.Tag = _shared.Tag;
            return copy;
        }

        private void DecodeForAll()
        {
            _shared?.Dispose();
            _shared = Decode();
        }

        private MLImage? Decode()
        {
            _getPath!(ref _path);
            MLImage? image = ImageFile.TryLoad(_path.ToString(), _loading, out string? reason);
            if (image is null)
            {
                _failed.Add(reason!);
            }

            return image;
        }
    }
}
