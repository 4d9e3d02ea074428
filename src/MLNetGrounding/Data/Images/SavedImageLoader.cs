using MLNetGrounding.Saving;

namespace MLNetGrounding.Data.Images;

/// <summary>The settings of a saved <see cref="GroundingImageLoaderTransformer"/>.</summary>
internal sealed record SavedImageLoader
{
    public required string OutputColumnName { get; init; }

    public required string InputColumnName { get; init; }

    public ImageLoadingOptions Loading { get; init; } = new();

    public GroundingImageLoaderTransformer Create(SavedModelOrigin origin)
    {
        ArgumentException.ThrowIfNullOrEmpty(OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(InputColumnName);
        return new GroundingImageLoaderTransformer(origin.Environment, OutputColumnName, InputColumnName, Loading.CheckedCopy());
    }
}
