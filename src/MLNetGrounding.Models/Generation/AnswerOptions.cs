using MLNetGrounding.Models.Generation;

namespace MLNetGrounding;

/// <summary>How <see cref="VisionLanguageModel.Answer"/> answers, and what is captured meanwhile.</summary>
public sealed record AnswerOptions
{
    /// <summary>The most tokens of an answer, at least 1. Default 32.</summary>
    public int MaximumTokens { get; init; } = 32;

    /// <summary>How tokens are chosen. Default: the most probable one.</summary>
    public AnswerSampling Sampling { get; init; } = new();

    /// <summary>
    /// Whether tokens are chosen as the checkpoint's <c>generation_config.json</c> says,
    /// <see cref="VisionLanguageModel.CheckpointSampling"/>, instead of by <see cref="Sampling"/>. Default <see langword="false"/>.
    /// </summary>
    public bool UseCheckpointSampling { get; init; }

    /// <summary>
    /// Where random numbers begin. Each query has a sequence of its own, found by its name, so that its answer does not depend on what else
    /// is asked. Default 1.
    /// </summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Change logits before a token is chosen, in this order, after the repetition penalty. Default none.</summary>
    public IReadOnlyList<ILogitsProcessor> Processors { get; init; } = [];

    /// <summary>Tokens that end an answer besides <see cref="VisionLanguageModel.EndTokenIds"/>. Default none.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>Whether special tokens are left out of an answer's text. Default <see langword="true"/>.</summary>
    public bool SkipSpecialTokens { get; init; } = true;

    /// <summary>
    /// Whether each token has a map, the mean over all layers and heads: <see cref="AnswerToken.Map"/>. Default <see langword="false"/>.
    /// </summary>
    public bool Maps { get; init; }

    /// <summary>
    /// Gives each token a map of where visual tokens would say it themselves, <see cref="AnswerToken.ActivationMap"/>, once its answer has
    /// ended. Default <see langword="null"/>: none.
    /// </summary>
    public TokenActivationOptions? ActivationMaps { get; init; }

    /// <summary>
    /// Which row is a token's map, and which rows <see cref="Observers"/> see. Default <see cref="AnswerRow.Predicting"/>.
    /// </summary>
    public AnswerRow Row { get; init; }

    /// <summary>
    /// Look at every layer's attention once for each token of the answers. A recorder is begun for every token with the queries whose
    /// answers go on, and must give equally long results for each of them, one after the other. Default none.
    /// </summary>
    public IReadOnlyList<ILayerObserver> Observers { get; init; } = [];

    /// <summary>Whether the fine queries alone are answered; others then serve the amplification.</summary>
    internal bool FineOnly { get; init; }

    /// <summary>What looks at layers: the mean map first, where there is one.</summary>
    internal IReadOnlyList<ILayerObserver> AllObservers => Maps ? [new MeanMapObserver(), .. Observers] : Observers;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumTokens, 1);
        Sampling.Validate();
        ActivationMaps?.Validate();
        if (!Enum.IsDefined(Row))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Row),
                Row,
                $"{nameof(Row)} must be one of {string.Join(", ", Enum.GetNames<AnswerRow>())}."
            );
        }
    }
}
