using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>Loads images by path, marking those that cannot be decoded instead of ending the run.</summary>
public sealed class GroundingImageLoaderEstimator : RowMapEstimator<GroundingImageLoaderTransformer>
{
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly ImageLoadingOptions _loading;

    internal GroundingImageLoaderEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        ImageLoadingOptions loading
    )
        : base(environment)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _loading = loading.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => [GroundingImageLoaderTransformer.Input(_inputColumnName)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes => [new(_outputColumnName, new ImageDataViewType())];

    private protected override GroundingImageLoaderTransformer CreateTransformer(IDataView input) =>
        new(Environment, _outputColumnName, _inputColumnName, _loading);
}
