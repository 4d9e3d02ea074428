namespace MLNetGrounding;

/// <summary>How a <see cref="GroundingChatClient"/> answers.</summary>
public sealed record GroundingChatClientOptions
{
    /// <summary>
    /// What the model is called in responses and in <see cref="Microsoft.Extensions.AI.ChatClientMetadata"/>. Default
    /// <see langword="null"/>: the name of its folder.
    /// </summary>
    public string? ModelId { get; init; }

    /// <summary>
    /// How images are fitted and how the model is asked; what is captured has no effect. Default: the model's own questions and grid.
    /// </summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>
    /// How answers are generated where <see cref="Microsoft.Extensions.AI.ChatOptions"/> do not say it. Default: greedily, with at most 256
    /// tokens.
    /// </summary>
    public AnswerOptions Answering { get; init; } = new() { MaximumTokens = 256 };

    /// <summary>
    /// Whether whole responses carry a <see cref="GroundingAnnotation"/> for each word. Default <see langword="true"/>; it costs a few per
    /// cent of the time.
    /// </summary>
    public bool Annotations { get; init; } = true;

    /// <summary>
    /// Whether streamed responses do, which then come word by word instead of token by token. Default <see langword="false"/>.
    /// </summary>
    public bool StreamedAnnotations { get; init; }

    /// <summary>
    /// How a word's map becomes the region that <see cref="GroundingAnnotation.Box"/> lies around. Default: where it is at least half of its
    /// range, since the mean of all heads, which it is, is nowhere near zero.
    /// </summary>
    public RegionRule Region { get; init; } = new ThresholdRegion { Threshold = 0.5 };

    /// <summary>
    /// Whether messages may name image files of this machine by <c>file:</c> addresses. Default <see langword="false"/>: whoever writes
    /// messages could have any image that this process may read looked at. Nothing is ever fetched from elsewhere.
    /// </summary>
    public bool LocalFiles { get; init; }

    /// <summary>How images are decoded. Default: the defaults of <see cref="ImageLoadingOptions"/>.</summary>
    public ImageLoadingOptions Loading { get; init; } = new();

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Capture);
        ArgumentNullException.ThrowIfNull(Answering);
        ArgumentNullException.ThrowIfNull(Region);
        ArgumentNullException.ThrowIfNull(Loading);
        Answering.Validate();
        Region.Validate();
        Loading.CheckedCopy();
    }
}
