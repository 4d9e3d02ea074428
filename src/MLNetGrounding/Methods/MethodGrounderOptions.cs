using System.Text.Json.Serialization;
using MLNetGrounding.Attention;
using MLNetGrounding.Methods;

namespace MLNetGrounding;

/// <summary>The model, the questions, the methods and the columns of grounding by methods.</summary>
public sealed class MethodGrounderOptions : ICapturingOptions
{
    /// <summary>The checkpoint folder to open. Either this or <see cref="Model"/> is set. Default <see langword="null"/>.</summary>
    [JsonIgnore]
    public string? ModelDirectory { get; set; }

    /// <summary>
    /// An open model to share; it stays the caller's to dispose, and may be disposed while transformers still use its weights.
    /// Default <see langword="null"/>.
    /// </summary>
    [JsonIgnore]
    public VisionLanguageModel? Model { get; set; }

    /// <summary>
    /// Device and precision for <see cref="ModelDirectory"/>. Default <see langword="null"/>: the GPU that
    /// <see cref="Microsoft.ML.MLContext.GpuDeviceId"/> names, else the CPU.
    /// </summary>
    [JsonIgnore]
    public VisionLanguageModelOptions? ModelOptions { get; set; }

    /// <summary>The methods, each with a name of its own. Default <see cref="GroundingMethods.All"/>.</summary>
    public IReadOnlyList<GroundingMethod> Methods { get; set; } = GroundingMethods.All;

    /// <summary>
    /// The fine words to look for, each asked about with the model's own question. Default: the paper's ten attributes of birds,
    /// <see cref="CubParts.Attributes"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Words { get; set; } = CubParts.Attributes;

    /// <summary>The coarse word. Default <see langword="null"/>: the model's, <c>bird</c> where it names none.</summary>
    [JsonIgnore]
    public string? CoarseWord { get; set; }

    /// <summary>
    /// All queries, instead of <see cref="Words"/> and <see cref="CoarseWord"/>: with questions of one's own, or as token ids. There must be
    /// one of each role that a method needs. Default <see langword="null"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<AttentionQuery>? Queries { get; set; }

    /// <summary>
    /// How images are fitted to the model's square, which row is read by methods that name none, whether attention is amplified inside the
    /// model for all methods, and the tokens before the image. Everything else of the capture is the methods' choice and must be left at its default.
    /// </summary>
    [JsonIgnore]
    public CaptureOptions Capture { get; set; } = new();

    /// <summary>How many rows are read ahead at most, see <see cref="AttentionExtractorOptions.ReadAhead"/>. Default 2.</summary>
    public int ReadAhead { get; set; } = 2;

    /// <summary>Ends the computation between two layers of a row. Default: never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Input: the images; <see langword="null"/> images get NaN outputs. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>
    /// Outputs: for each method a column of this name, a dot and the method's name, with floats <c>[queries, gridHeight, gridWidth]</c>.
    /// Default <c>GroundingMaps</c>.
    /// </summary>
    public string GroundingMapsColumnName { get; set; } = "GroundingMaps";

    /// <summary>
    /// Output: where the image's pixels lie in the model's input, <see cref="ImageGeometry.Length"/> floats in the order given there.
    /// Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = "Geometry";

    internal string ColumnOf(GroundingMethod method) => $"{GroundingMapsColumnName}.{method.Name}";

    /// <summary>The queries of the roles that some methods need, the fine ones among them.</summary>
    internal IReadOnlyList<AttentionQuery> QueriesFor(CapturePlan plan)
    {
        IReadOnlyList<AttentionQuery> all = Queries ??
        [
            AttentionQuery.Coarse(CoarseWord),
            .. Words.Select(AttentionQuery.Fine),
            AttentionQuery.Neutral(),
            AttentionQuery.Background(),
        ];
        return [.. all.Where(query => plan.Needs(query.Role))];
    }

    /// <summary>A copy with the methods as learned.</summary>
    internal MethodGrounderOptions WithLearned(IReadOnlyList<GroundingMethod> methods)
    {
        MethodGrounderOptions copy = Copy();
        copy.Methods = methods;
        return copy;
    }

    /// <summary>What some methods need, and what the options need besides.</summary>
    internal CapturePlan PlanOf(IEnumerable<GroundingMethod> methods, QueryRow defaultRow)
    {
        var plan = CapturePlan.Of(methods, defaultRow);
        if (Capture.Amplification is not null)
        {
            plan.NeedRole(QueryRole.Coarse);
        }

        return plan;
    }

    internal MethodGrounderOptions CheckedCopy()
    {
        MethodGrounderOptions copy = Copy();
        copy.CheckModel();
        copy.Check();
        return copy;
    }

    /// <summary>A copy for a model and queries that were saved.</summary>
    internal MethodGrounderOptions CheckedCopy(IReadOnlyList<AttentionQuery> queries, CaptureOptions capture)
    {
        MethodGrounderOptions copy = Copy();
        copy.Queries = queries;
        copy.Capture = capture;
        copy.Check();
        return copy;
    }

    private MethodGrounderOptions Copy()
    {
        ArgumentNullException.ThrowIfNull(Words);
        ArgumentNullException.ThrowIfNull(Methods);
        var copy = (MethodGrounderOptions)MemberwiseClone();
        copy.Words = [.. Words];
        copy.Queries = Queries?.ToArray();
        copy.Methods = [.. Methods];
        return copy;
    }

    private void Check()
    {
        this.CheckCapture();
        ArgumentException.ThrowIfNullOrEmpty(GroundingMapsColumnName);
        CheckMethods();
        if (Capture != new CaptureOptions { Fit = Capture.Fit, Row = Capture.Row, Amplification = Capture.Amplification, PrefixTokenIds = Capture.PrefixTokenIds })
        {
            throw new ArgumentException(
                $"{nameof(Capture)} of {nameof(MethodGrounderOptions)} may set {nameof(CaptureOptions.Fit)}, {nameof(CaptureOptions.Row)}, {nameof(CaptureOptions.Amplification)} and {nameof(CaptureOptions.PrefixTokenIds)} only; the methods choose the rest.");
        }

        if (!this.HasFine())
        {
            throw new ArgumentException($"There is no fine query. Name at least one word in {nameof(Words)} or {nameof(Queries)}.");
        }
    }

    private void CheckMethods()
    {
        if (Methods.Count == 0)
        {
            throw new ArgumentException($"{nameof(Methods)} is empty; name at least one, such as {nameof(GroundingMethods)}.{nameof(GroundingMethods.Paper)}.", nameof(Methods));
        }

        foreach (GroundingMethod method in Methods)
        {
            method.Validate();
            RequireQueries(method);
        }

        if (Methods.GroupBy(method => method.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two methods have the name '{twice.Key}'. Give each a name of its own, which names its column.", nameof(Methods));
        }
    }

    private void RequireQueries(GroundingMethod method)
    {
        CapturePlan plan = PlanOf([method], default);
        foreach (QueryRole role in Enum.GetValues<QueryRole>())
        {
            if (plan.Needs(role) && this.Lacks(role))
            {
                throw new ArgumentException($"Method '{method.Name}' needs a query of role {role}, but {nameof(Queries)} has none. Add one, or leave the method out.");
            }
        }
    }
}
