using MLNetGrounding;

namespace Table1;

/// <summary>What the command line asks for.</summary>
internal sealed record Table1Settings
{
    /// <summary>The methods, in the order of the table.</summary>
    public IReadOnlyList<GroundingMethod> Methods { get; init; } = GroundingMethods.All;

    public ModelSettings Model { get; init; } = new();

    /// <summary>The rows to score.</summary>
    public DataSettings Data { get; init; } = new() { Split = CubSplit.Test };

    public double Threshold { get; init; } = 0.05;

    /// <summary>Other ways from a map to a region, which are scored besides.</summary>
    public IReadOnlyList<RegionRule> Regions { get; init; } = [];

    /// <summary>Whether each method's own threshold is chosen on training rows.</summary>
    public bool Tune { get; init; }

    /// <summary>Whether the boxes that the model itself states are a row, where its family has a question for them.</summary>
    public bool Boxes { get; init; }

    /// <summary>Whether the heads' own maps are looked at too.</summary>
    public bool Heads { get; init; }

    public string Out { get; init; } = "table1";
}
