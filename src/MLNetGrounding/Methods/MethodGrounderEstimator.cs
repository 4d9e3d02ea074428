using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Llava;

namespace MLNetGrounding;

/// <summary>Grounds words in images by several methods at once, which share one capture of each image: see <see cref="GroundingMethods"/>.</summary>
public sealed class MethodGrounderEstimator : RowMapEstimator<MethodGrounderTransformer>
{
    private readonly MethodGrounderOptions _options;

    internal MethodGrounderEstimator(IHostEnvironment environment, MethodGrounderOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => [MethodGrounderTransformer.ImageInput(_options)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
    [
        ColumnAnnotations.VectorShape(_options.GeometryColumnName, withQueries: false),
        .. _options.Methods.Select(method => ColumnAnnotations.VectorShape(_options.ColumnOf(method), withQueries: true)),
    ];

    private protected override MethodGrounderTransformer CreateTransformer() =>
        new(Environment, _options, _options.Model?.Share() ?? OpenModel(_options.ModelDirectory!));

    private LlavaModel OpenModel(string directory) =>
        _options.ModelOptions is { } options ? LlavaModel.Load(directory, options) : HostModel.Open(Environment, directory);
}
