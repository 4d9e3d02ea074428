using System.Globalization;
using System.Reflection;
using MLNetGrounding;

namespace Table1;

/// <summary>What is known once the model is open and the rows are found.</summary>
/// <param name="Model">The model.</param>
/// <param name="Rows">The rows of the table.</param>
/// <param name="Training">Other rows to learn and choose on, or null.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Methods">The methods, in the order of the table.</param>
/// <param name="Folder">The lock of the folder that is written to.</param>
/// <param name="Cancellation">Ends the run.</param>
internal sealed record Table1Run(
    VisionLanguageModel Model,
    Table1Rows Rows,
    Table1Rows? Training,
    Table1Question Question,
    IReadOnlyList<GroundingMethod> Methods,
    FolderLock Folder,
    CancellationToken Cancellation
)
{
    private readonly DateTimeOffset _date = DateTimeOffset.Now;

    /// <summary>The methods that learn before they ground.</summary>
    public IReadOnlyList<string> Learning => [.. Methods.Where(Table1Methods.Learns).Select(method => method.Name)];

    /// <summary>Whether methods can learn: on other rows or, where nothing is scored, on these.</summary>
    public bool CanLearn => Training is not null || !Rows.IsAnnotated;

    public IReadOnlyList<EvaluatedMethod> Evaluated =>
        [.. Methods.Select(method => new EvaluatedMethod(method.Name, RunView.ColumnOf(method.Name)))];

    /// <summary>What the tables say they are of.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Origin(Table1Settings settings) =>
        [
            new(
                "model",
                $"{(settings.Model.IsSample ? "sample LLaVA" : settings.Model.Name)}, {Model.Info.Layers} layers of {Model.Info.Heads} heads, {settings.Model.GridOf(Model.Info)}"
            ),
            new("fingerprint", Model.Fingerprint),
            new("data", settings.Data.IsSample ? Rows.Description : Rows.Data.Identity),
            .. Question.Object is { } whole ? (KeyValuePair<string, string>[])[new("object", whole)] : [],
            new("command", settings.Command),
            new("version", $"MLNetGrounding {Version}"),
            new("date", _date.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)),
        ];

    private static string Version =>
        typeof(MethodEvaluation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
