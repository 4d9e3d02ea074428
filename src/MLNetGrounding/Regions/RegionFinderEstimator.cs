using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>Makes regions of maps, as cells and as boxes in pixels: see <see cref="RegionRule"/>.</summary>
public sealed class RegionFinderEstimator : RowMapEstimator<RegionFinderTransformer>
{
    private readonly RegionFinderOptions _options;

    internal RegionFinderEstimator(IHostEnvironment environment, RegionFinderOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => RegionFinderTransformer.InputsOf(_options);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        [
            ColumnAnnotations.VectorShape(_options.RegionsColumnName, withQueries: true),
            ColumnAnnotations.VectorShape(_options.RegionBoxesColumnName, withQueries: true),
        ];

    private protected override RegionFinderTransformer CreateTransformer(IDataView input) => new(Environment, _options);
}
