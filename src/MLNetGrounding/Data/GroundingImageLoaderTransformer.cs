using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Loads images by path: adds a column of <see cref="MLImage"/> that is <see langword="null"/> where the file cannot be read or decoded.
/// </summary>
public sealed class GroundingImageLoaderTransformer : RowMapTransformer
{
    internal const string Name = "GroundingImageLoader";

    private readonly string _outputColumnName;
    private readonly InputColumn _input;

    internal GroundingImageLoaderTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName)
        : base(environment, Saved)
    {
        _outputColumnName = outputColumnName;
        _input = Input(inputColumnName);
    }

    internal static SavedComponent Saved { get; } = SavedComponent.Of<SavedImageLoader>(Name, version: 1, (origin, settings) => settings.Create(origin));

    private protected override object SavedSettings => new SavedImageLoader { OutputColumnName = _outputColumnName, InputColumnName = _input.Name };

    internal static InputColumn Input(string name) => new(Name, "inputColumnName", name, TextDataViewType.Instance);

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, _input.Find(inputSchema));

    private sealed class Map(GroundingImageLoaderTransformer owner, DataViewSchema inputSchema, DataViewSchema.Column path)
        : RowMap(inputSchema, [new(owner._outputColumnName, new ImageDataViewType())])
    {
        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [path];

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner.Host, row, path);
    }

    private sealed class Mapper(IHost host, DataViewRow row, DataViewSchema.Column pathColumn) : RowMapper(row)
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
                MLImage? image = ImageFile.TryDecode(path.ToString(), out string? reason);
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
