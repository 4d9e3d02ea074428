namespace MLNetGrounding.Attention;

/// <summary>What the options of all components that run the model have in common; see <see cref="CapturingOptions"/>.</summary>
internal interface ICapturingOptions
{
    string? ModelDirectory { get; }

    VisionLanguageModel? Model { get; }

    VisionLanguageModelOptions? ModelOptions { get; }

    IReadOnlyList<string> Words { get; }

    IReadOnlyList<AttentionQuery>? Queries { get; }

    CaptureOptions Capture { get; }

    int ReadAhead { get; }

    CancellationToken CancellationToken { get; }

    string ImageColumnName { get; }

    string GeometryColumnName { get; }
}
