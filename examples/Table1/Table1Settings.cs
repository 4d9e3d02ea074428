using MLNetGrounding;

namespace Table1;

/// <summary>What the command line asks for.</summary>
internal sealed record Table1Settings
{
    /// <summary>The methods, in the order of the table.</summary>
    public IReadOnlyList<GroundingMethod> Methods { get; init; } = GroundingMethods.All;

    /// <summary>The names of methods that were asked for as part of a group, and are left out where they cannot be had.</summary>
    public IReadOnlySet<string> OfGroups { get; init; } = new HashSet<string>();

    /// <summary>The words to ask about; null for those of the data.</summary>
    public AskedWords? Words { get; init; }

    public ModelSettings Model { get; init; } = new();

    /// <summary>The rows to score.</summary>
    public DataSettings Data { get; init; } = new() { Split = CubSplit.Test };

    /// <summary>A file of the same form with other images to learn and choose on, or null.</summary>
    public string? LearnOn { get; init; }

    public double Threshold { get; init; } = 0.05;

    /// <summary>Other ways from a map to a region, which are scored besides.</summary>
    public IReadOnlyList<RegionRule> Regions { get; init; } = [];

    /// <summary>Whether each method's own threshold is chosen on training rows.</summary>
    public bool Tune { get; init; }

    /// <summary>Whether the boxes that the model itself states are a row, where its family has a question for them.</summary>
    public bool Boxes { get; init; }

    /// <summary>Whether the heads' own maps are looked at too.</summary>
    public bool Heads { get; init; }

    /// <summary>Whether the maps of all methods stay in the folder, so that a later run needs no model.</summary>
    public bool KeepMaps { get; init; }

    /// <summary>The command line, for the table.</summary>
    public string Command { get; init; } = "";

    /// <summary>The question about each word, with {word} for it; null for the model's own.</summary>
    public string? Question { get; init; }

    /// <summary>How it is measured whether answers rest on what each map ranks first; null where it is not.</summary>
    public FaithfulnessOptions? Faithfulness { get; init; }

    /// <summary>The most tokens of an answer, where faithfulness is measured.</summary>
    public int AnswerTokens { get; init; } = 16;

    public string Out { get; init; } = "table1";
}
