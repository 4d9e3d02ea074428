using MLNetGrounding;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace GroundBirds;

/// <summary>What the command line asks for.</summary>
internal sealed record GroundBirdsSettings
{
    public const string SampleModel = "sample";
    public const string RandomModel = "random";

    /// <summary>A checkpoint folder, <see cref="SampleModel"/> or <see cref="RandomModel"/>.</summary>
    public string Model { get; init; } = SampleModel;

    public int Seed { get; init; } = 1;

    /// <summary>A CUB_200_2011 folder, or null for the sample birds.</summary>
    public string? Cub { get; init; }

    public CubSplit Split { get; init; } = CubSplit.All;

    public int? Limit { get; init; }

    public IReadOnlyList<string> Queries { get; init; } = CubParts.Attributes;

    public ImageFit Fit { get; init; } = ImageFit.Pad;

    public double Threshold { get; init; } = 0.05;

    public LlavaDevice Device { get; init; } = LlavaDevice.Cpu;

    public LlavaPrecision Precision { get; init; } = LlavaPrecision.Automatic;

    public string Out { get; init; } = "ground-birds";

    public int Overlays { get; init; } = 12;

    /// <summary>The HTML file to write, or null for none.</summary>
    public string? Report { get; init; }

    public int ReportDetails { get; init; } = 12;

    public int Figures { get; init; }

    public int Show { get; init; }

    public bool Profile { get; init; }

    /// <summary>Whether rows are read with what their maps were made of.</summary>
    public bool NeedsLayers => Figures > 0 || Report is not null;
}
