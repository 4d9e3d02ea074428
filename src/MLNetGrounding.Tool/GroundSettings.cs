namespace MLNetGrounding.Tool;

/// <summary>What <c>grounding</c> is asked for.</summary>
internal sealed record GroundSettings
{
    /// <summary>Names the model that is used where the command line names none.</summary>
    public const string ModelVariable = "GROUNDING_MODEL";

    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The words, or null for those of the data.</summary>
    public AskedWords? Words { get; init; }

    /// <summary>Annotated images, in place of <see cref="Images"/>; names none where these are meant.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>What the words are parts of, or null.</summary>
    public string? Object { get; init; }

    public ModelSettings Model { get; init; } = new();

    /// <summary>The method, or null for the one that suits: the paper's, which needs an object, else the mean of all heads.</summary>
    public string? Method { get; init; }

    public double Threshold { get; init; } = 0.05;

    public int? Limit { get; init; }

    public string Out { get; init; } = "grounding";

    public int Overlays { get; init; } = 100;

    public string? Report { get; init; }

    /// <summary>The model of the command line where it was named there, else that of the variable, else the default.</summary>
    public static ModelSettings WithModelVariable(ModelSettings model, bool isGiven) =>
        !isGiven && Environment.GetEnvironmentVariable(ModelVariable) is { Length: > 0 } name ? model with { Name = name } : model;
}
