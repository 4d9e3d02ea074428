using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Llava;

namespace MLNetGrounding;

/// <summary>
/// Grounds words in images by several methods at once, which share one capture of each image: see <see cref="GroundingMethods"/>. Methods that
/// learn read some images in <c>Fit</c>, as many as they say; where there is no such method, no row is read.
/// </summary>
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

    private protected override MethodGrounderTransformer CreateTransformer() => new(Environment, _options, OpenModel());

    private protected override MethodGrounderTransformer Learn(IDataView input)
    {
        if (_options.Methods.All(method => method.ImagesToFit == 0))
        {
            return CreateTransformer();
        }

        using LlavaModel model = OpenModel();
        return new MethodGrounderTransformer(Environment, _options.WithLearnt(new MethodFitter(Environment, _options, model).Fit(input)), model.Share());
    }

    private LlavaModel OpenModel() =>
        _options.Model?.Share()
        ?? (_options.ModelOptions is { } options ? LlavaModel.Load(_options.ModelDirectory!, options) : HostModel.Open(Environment, _options.ModelDirectory!));
}
