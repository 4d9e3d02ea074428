using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>Draws each row's grounding map over its image, as an image column.</summary>
public sealed class GroundingDrawerEstimator : RowMapEstimator<GroundingDrawerTransformer>
{
    private readonly GroundingDrawerOptions _options;

    internal GroundingDrawerEstimator(IHostEnvironment environment, GroundingDrawerOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => GroundingDrawerTransformer.InputsOf(_options);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        [new(_options.OverlayColumnName, new ImageDataViewType())];

    private protected override GroundingDrawerTransformer CreateTransformer(IDataView input) =>
        GroundingDrawerTransformer.Fit(Environment, _options, input.Schema);
}
