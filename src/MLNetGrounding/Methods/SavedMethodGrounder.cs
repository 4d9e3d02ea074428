using System.Text.Json;
using MLNetGrounding.Attention;
using MLNetGrounding.Saving;

namespace MLNetGrounding.Methods;

/// <summary>The settings of a saved <see cref="MethodGrounderTransformer"/>.</summary>
internal sealed record SavedMethodGrounder
{
    public required SavedCapture Capture { get; init; }

    /// <summary>The row of methods that name none, as the model said.</summary>
    public required QueryRow DefaultRow { get; init; }

    /// <summary>The methods and columns; model and queries are in <see cref="Capture"/>.</summary>
    public required MethodGrounderOptions Columns { get; init; }

    /// <summary>Looks at the settings before they are read.</summary>
    /// <exception cref="JsonException">A method is of a kind that is not known.</exception>
    public static void Check(JsonElement settings)
    {
        if (
            settings.ValueKind == JsonValueKind.Object
            && settings.TryGetProperty(nameof(Columns), out JsonElement columns)
            && columns.ValueKind == JsonValueKind.Object
            && columns.TryGetProperty(nameof(MethodGrounderOptions.Methods), out JsonElement methods)
        )
        {
            MethodKinds.RequireKnown(methods);
        }
    }

    public MethodGrounderTransformer Create(SavedModelOrigin origin)
    {
        CaptureOptions capture = Capture.ToOptions() with
        {
            Row = DefaultRow,
            FurtherRows = [],
            Flow = new CaptureOptions().Flow,
            Layers = null,
        };
        MethodGrounderOptions options = Columns.CheckedCopy(Capture, capture);
        foreach (GroundingMethod method in options.Methods)
        {
            method.ValidateFor(Capture.Checkpoint.Model);
            if (method.ImagesToFit > 0)
            {
                throw new SavedModelException($"The saved method '{method.Name}' has not learned what it has to learn.");
            }
        }

        foreach (QueryRow row in CapturePlan.Of(options.Methods, DefaultRow).Rows)
        {
            if (!Capture.Rows.Contains(row))
            {
                throw new SavedModelException(
                    $"The saved methods read the row {row} of every query, but the saved queries have {string.Join(", ", Capture.Rows)}."
                );
            }
        }

        return new MethodGrounderTransformer(
            origin.Environment,
            options,
            new ModelSource(Capture.Checkpoint, origin),
            Capture.ToPrompt(),
            DefaultRow
        );
    }
}
