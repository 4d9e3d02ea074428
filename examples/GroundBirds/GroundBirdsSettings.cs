using MLNetGrounding;

namespace GroundBirds;

/// <summary>What the command line asks for.</summary>
internal sealed record GroundBirdsSettings
{
    /// <summary>A model's name besides folders and the sample model.</summary>
    public const string RandomModel = "random";

    public ModelSettings Model { get; init; } = new();

    /// <summary>Of <see cref="RandomModel"/>.</summary>
    public int Seed { get; init; } = 1;

    public DataSettings Data { get; init; } = new();

    public IReadOnlyList<string> Words { get; init; } = CubParts.Attributes;

    public double Threshold { get; init; } = 0.05;

    public string Out { get; init; } = "ground-birds";

    public int Overlays { get; init; } = 12;

    /// <summary>The HTML file to write, or null for none.</summary>
    public string? Report { get; init; }

    public int ReportDetails { get; init; } = 12;

    /// <summary>Names of images that the report opens down to their heads besides.</summary>
    public IReadOnlyList<string> ReportDetailsOf { get; init; } = [];

    /// <summary>Whether the report shows every head over all images.</summary>
    public bool ReportHeads { get; init; } = true;

    public int Figures { get; init; }

    public FigureTheme FigureTheme { get; init; } = FigureTheme.Dark;

    public int Show { get; init; }

    public bool Profile { get; init; }

    /// <summary>Whether rows are read with what their maps were made of.</summary>
    public bool NeedsLayers => Figures > 0 || Report is not null;
}
