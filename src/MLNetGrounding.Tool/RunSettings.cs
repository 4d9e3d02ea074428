namespace MLNetGrounding.Tool;

/// <summary>What a run was asked for, as <c>run.json</c> keeps it.</summary>
internal sealed record RunSettings
{
    public required IReadOnlyList<string> Words { get; init; }

    public string? Object { get; init; }

    /// <summary>What the key points are; null for images without annotations.</summary>
    public RunPoints? Points { get; init; }

    public required string Method { get; init; }

    public required double Threshold { get; init; }

    public required string Model { get; init; }

    public required string Fingerprint { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset Date { get; init; }
}
