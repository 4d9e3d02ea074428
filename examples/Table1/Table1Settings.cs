using MLNetGrounding;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace Table1;

/// <summary>What the command line asks for.</summary>
internal sealed record Table1Settings
{
    public const string SampleModel = "sample";

    /// <summary>The methods, in the order of the table.</summary>
    public IReadOnlyList<GroundingMethod> Methods { get; init; } = GroundingMethods.All;

    /// <summary>A checkpoint folder or <see cref="SampleModel"/>.</summary>
    public string Model { get; init; } = SampleModel;

    /// <summary>A CUB_200_2011 folder, or null for the sample birds.</summary>
    public string? Cub { get; init; }

    /// <summary>The rows of CUB's split to score.</summary>
    public CubSplit Split { get; init; } = CubSplit.Test;

    public int? Limit { get; init; }

    public double Threshold { get; init; } = 0.05;

    /// <summary>Whether each method's own threshold is chosen on training rows.</summary>
    public bool Tune { get; init; }

    /// <summary>Whether the heads' own maps are looked at too.</summary>
    public bool Heads { get; init; }

    public ImageFit Fit { get; init; } = ImageFit.Pad;

    public LlavaDevice Device { get; init; } = LlavaDevice.Cpu;

    public LlavaPrecision Precision { get; init; } = LlavaPrecision.Automatic;

    public string Out { get; init; } = "table1";

    public string ModelDirectory => Model == SampleModel ? MLNetGrounding.Samples.SampleLlava.Directory : Model;
}
