namespace MLNetGrounding.Answers;

/// <summary>How answers are generated, as a saved model holds it.</summary>
internal sealed record SavedAnswering
{
    public required int MaximumTokens { get; init; }

    public required AnswerSampling Sampling { get; init; }

    public bool UseCheckpointSampling { get; init; }

    public ulong Seed { get; init; }

    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    public bool SkipSpecialTokens { get; init; }

    public AnswerRow Row { get; init; }

    /// <exception cref="NotSupportedException">There are logits processors, which are code and cannot be saved.</exception>
    public static SavedAnswering Of(string component, AnswerOptions options) =>
        options.Processors.Count == 0
            ? new SavedAnswering
            {
                MaximumTokens = options.MaximumTokens,
                Sampling = options.Sampling,
                UseCheckpointSampling = options.UseCheckpointSampling,
                Seed = options.Seed,
                StopTokenIds = options.StopTokenIds,
                SkipSpecialTokens = options.SkipSpecialTokens,
                Row = options.Row,
            }
            : throw new NotSupportedException(
                $"{component} cannot be saved: {nameof(AnswerOptions)}.{nameof(AnswerOptions.Processors)} holds {string.Join(", ", options.Processors.Select(processor => processor.GetType().Name))}, and code is not saved. Build the pipeline without processors to save it."
            );

    public AnswerOptions ToOptions() =>
        new()
        {
            MaximumTokens = MaximumTokens,
            Sampling = Sampling,
            UseCheckpointSampling = UseCheckpointSampling,
            Seed = Seed,
            StopTokenIds = StopTokenIds,
            SkipSpecialTokens = SkipSpecialTokens,
            Row = Row,
        };
}
