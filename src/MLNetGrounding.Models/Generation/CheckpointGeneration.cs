using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Generation;

/// <summary>What the files of a checkpoint folder say about answers.</summary>
internal sealed class CheckpointGeneration
{
    private const string EndTokenKey = "eos_token_id";

    // Sections of config.json that describe the language model.
    private static readonly string[] TextSections = ["text_config", "llm_config"];

    // Values that leave tokens as they are; the key may be left out.
    private static readonly (string Key, double Neutral)[] NumbersNotImplemented =
    [
        ("num_beams", 1),
        ("num_beam_groups", 1),
        ("no_repeat_ngram_size", 0),
        ("encoder_no_repeat_ngram_size", 0),
        ("encoder_repetition_penalty", 1),
        ("typical_p", 1),
        ("min_p", 0),
        ("epsilon_cutoff", 0),
        ("eta_cutoff", 0),
        ("penalty_alpha", 0),
        ("guidance_scale", 1),
        ("min_length", 0),
        ("min_new_tokens", 0),
        ("diversity_penalty", 0),
    ];

    private static readonly string[] NotImplemented =
    [
        "bad_words_ids",
        "suppress_tokens",
        "begin_suppress_tokens",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "exponential_decay_length_penalty",
        "sequence_bias",
        "constraints",
        "force_words_ids",
        "watermarking_config",
    ];

    private readonly string _directory;

    private CheckpointGeneration(string directory, IReadOnlyList<int> endTokenIds)
    {
        _directory = directory;
        EndTokenIds = endTokenIds;
    }

    /// <summary>
    /// The tokens that end an answer: all that <c>generation_config.json</c> and <c>config.json</c> name; the language model's own, which a
    /// vision-language model may not mean, where neither names one.
    /// </summary>
    public IReadOnlyList<int> EndTokenIds { get; }

    /// <summary>Reads the files of a folder.</summary>
    /// <exception cref="CheckpointException">A file is damaged, or an end token is no id.</exception>
    public static CheckpointGeneration Read(string directory)
    {
        JsonSettings configuration = CheckpointSettings.Configuration(directory);
        int[] own = Named([CheckpointSettings.TryGeneration(directory), configuration]);
        return new CheckpointGeneration(directory, own.Length > 0 ? own : Named(TextSections.Select(configuration.TrySection)));

        static int[] Named(IEnumerable<JsonSettings?> holders) =>
            [.. holders.SelectMany(holder => holder?.TryIntOrInts(EndTokenKey, -1, int.MaxValue) ?? []).Where(id => id >= 0).Distinct()];
    }

    /// <summary>How <c>generation_config.json</c> has tokens chosen.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or asks for what is not implemented; the message names the
    /// key.</exception>
    public AnswerSampling Sampling()
    {
        if (CheckpointSettings.TryGeneration(_directory) is not { } settings)
        {
            return new AnswerSampling();
        }

        foreach ((string key, double neutral) in NumbersNotImplemented)
        {
            if (settings.TryNumber(key) is { } value && value != neutral)
            {
                throw settings.Wrong(
                    key,
                    $"not implemented, found {value}; give {nameof(AnswerOptions)}.{nameof(AnswerOptions.Sampling)} instead"
                );
            }
        }

        foreach (string key in NotImplemented)
        {
            settings.RequireNull(key);
        }

        bool draws = settings.Flag("do_sample", otherwise: false);
        int topK = settings.Int("top_k", 0, int.MaxValue, otherwise: 0);
        AnswerSampling sampling = new()
        {
            RepetitionPenalty = settings.PositiveNumber("repetition_penalty", 1),
            Temperature = draws ? settings.PositiveNumber("temperature", 1) : 0,
            TopP = draws ? settings.PositiveNumber("top_p", 1) : 1,
            TopK = draws && topK > 0 ? topK : null,
        };
        return sampling.TopP <= 1
            ? sampling
            : throw settings.Wrong("top_p", $"a number above 0 and at most 1 was expected, found {sampling.TopP}");
    }
}
