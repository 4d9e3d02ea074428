using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.Methods;

namespace MLNetGrounding;

/// <summary>
/// Grounds words in images by several methods at once, which share one capture of each image: see <see cref="GroundingMethods"/>. Methods
/// that learn read some images in <c>Fit</c>, as many as they say; where there is no such method, no row is read.
/// </summary>
public sealed class MethodGrounderEstimator : RowMapEstimator<MethodGrounderTransformer>
{
    private readonly MethodGrounderOptions _options;

    internal MethodGrounderEstimator(IHostEnvironment environment, MethodGrounderOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
        _options.CheckModel();
    }

    private protected override IEnumerable<InputColumn> Inputs => [_options.ImageInput(MethodGrounderTransformer.Name)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes =>
        [
            ColumnAnnotations.VectorShape(_options.GeometryColumnName, withQueries: false),
            .. _options.Methods.Select(method => ColumnAnnotations.VectorShape(_options.ColumnOf(method), withQueries: true)),
        ];

    /// <summary>Whatever stands against the methods is found before any row is read to learn from.</summary>
    private protected override MethodGrounderTransformer CreateTransformer(IDataView input) =>
        _options.WithModel(
            Environment,
            model =>
            {
                _options.RequireObject();
                foreach (GroundingMethod method in _options.Methods)
                {
                    method.ValidateFor(model.Info);
                }

                QueryRow defaultRow = _options.Capture.Row ?? (_options.Capture.Profile ?? model.Profile).Row;
                CapturePlan plan = _options.PlanOf(_options.Methods, defaultRow);
                PreparedPrompt prompt = model.Prepare(
                    _options.QueriesFor(plan),
                    plan.CaptureOf(_options.WithGrid(_options.Asked(_options.Capture, model), model.Info))
                );
                IReadOnlyList<GroundingMethod> learned = new MethodFitter(Environment, _options, model, prompt, defaultRow).Fit(input);
                return new MethodGrounderTransformer(
                    Environment,
                    _options.WithLearned(learned),
                    new ModelSource(model),
                    prompt,
                    defaultRow
                );
            }
        );
}
