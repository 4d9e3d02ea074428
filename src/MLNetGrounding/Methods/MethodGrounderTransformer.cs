using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Methods;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Grounds words in images by several methods at once. Each image is captured at most once for all methods whose columns are read, and what
/// only unread methods need is not computed. A row without an image, or whose attention is not finite, gets NaN outputs and is counted in
/// the log.
/// </summary>
/// <remarks>
/// Holds a share of the model until disposed; a chain or a prediction engine disposes its transformers. One that was loaded from a saved
/// model opens its checkpoint when the first row is run, see <see cref="CheckpointLocator"/>.
/// </remarks>
public sealed class MethodGrounderTransformer : RowMapTransformer
{
    internal const string Name = "MethodGrounder";

    private const int GeometryOutput = 0;

    private readonly MethodGrounderOptions _options;
    private readonly CaptureHost _capture;
    private readonly QueryRow _defaultRow;

    internal MethodGrounderTransformer(
        IHostEnvironment environment,
        MethodGrounderOptions options,
        ModelSource model,
        PreparedPrompt prompt,
        QueryRow defaultRow
    )
        : base(environment, Saved)
    {
        _options = options;
        _capture = new CaptureHost(Host, Name, options, model, prompt);
        _defaultRow = defaultRow;
    }

    /// <summary>The methods, as fitted.</summary>
    public IReadOnlyList<GroundingMethod> Methods => _options.Methods;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<SavedMethodGrounder>(
            Name,
            version: 2,
            (origin, settings) => settings.Create(origin),
            earliest: 2,
            check: SavedMethodGrounder.Check
        );

    private protected override object SavedSettings
    {
        get
        {
            MethodKinds.RequireSaveable(Name, _options.Methods);
            return new SavedMethodGrounder
            {
                Capture = _capture.ToSaved(),
                DefaultRow = _defaultRow,
                Columns = _options,
            };
        }
    }

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        MapGrid grid = _capture.Prompt.Grid;
        IReadOnlyList<string> queries = _capture.Prompt.FineNames;
        return new CaptureMap(
            _capture,
            inputSchema,
            [
                _capture.GeometryColumn,
                .. _options.Methods.Select(method =>
                    ColumnAnnotations.Vector(
                        _options.ColumnOf(method),
                        [queries.Count, grid.Height, grid.Width],
                        ["query", "row", "column"],
                        queries
                    )
                ),
            ],
            (row, images) => new Mapper(this, row, images)
        );
    }

    private protected override void DisposeCore() => _capture.Dispose();

    private sealed class Mapper(MethodGrounderTransformer owner, DataViewRow row, IRowInputs<RowImage> images)
        : CaptureMapper<CapturedAttention>(owner._capture, row, images)
    {
        // The methods whose columns are read, and what they need.
        private readonly HashSet<GroundingMethod> _active = [];
        private CapturePlan? _plan;

        public override Delegate CreateGetter(int output)
        {
            if (output == GeometryOutput)
            {
                return GeometryGetter();
            }

            GroundingMethod method = owner._options.Methods[output - GeometryOutput - 1];
            Require(method);
            int cells = owner._capture.Prompt.Grid.Cells;
            float[] maps = new float[owner._capture.Prompt.FineNames.Count * cells];
            return VectorGetter(Once(() => Ground(method, maps)), () => maps);
        }

        protected override CapturedAttention? Take(AttentionCapture capture) =>
            CapturedAttention.IfFinite(capture, _plan!, owner._capture.Model);

        /// <summary>Widens what is captured of each row by what one more method needs.</summary>
        private void Require(GroundingMethod method)
        {
            if (_active.Add(method))
            {
                _plan = owner._options.PlanOf(_active, owner._defaultRow);
                Ask(_plan.PromptOf(owner._capture.Prompt));
            }
        }

        private void Ground(GroundingMethod method, float[] maps)
        {
            CaptureStep.Run();
            if (Captured is null)
            {
                maps.AsSpan().Fill(float.NaN);
            }
            else if (method.Ground(Captured, maps) is { } query)
            {
                Fail($"the map of method '{method.Name}' is not finite for query '{query}'.");
            }
        }
    }
}
