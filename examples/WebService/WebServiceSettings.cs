namespace WebService;

/// <summary>What the service is started with.</summary>
internal sealed record WebServiceSettings
{
    /// <summary>The model, where no saved pipeline is served.</summary>
    public ModelSettings Model { get; init; } = new();

    /// <summary>The words that the model is asked about, where no saved pipeline is served.</summary>
    public IReadOnlyList<string> Words { get; init; } = ["beak", "eye", "wing", "tail"];

    /// <summary>A saved pipeline, which has its own model and words; null for none.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Where regions end, from 0 to 1.</summary>
    public double Threshold { get; init; } = 0.3;

    /// <summary>How many images are grounded at once.</summary>
    public int Engines { get; init; } = 2;

    /// <summary>The largest upload in bytes.</summary>
    public long MaximumBytes { get; init; } = 10_000_000;

    /// <summary>The largest image in pixels: a small file can hold a huge one.</summary>
    public int MaximumPixels { get; init; } = 40_000_000;

    /// <summary>Where the service listens.</summary>
    public string Url { get; init; } = "http://localhost:5080";
}
