using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Finds the settings of a checkpoint folder in the files that Hugging Face's code has written them to over the years.</summary>
internal static class CheckpointSettings
{
    public const string ConfigurationFileName = "config.json";
    public const string GenerationFileName = "generation_config.json";
    public const string ImageProcessorFileName = "preprocessor_config.json";
    public const string ProcessorFileName = "processor_config.json";
    public const string ImageProcessorSection = "image_processor";
    public const string TokenizerSettingsFileName = "tokenizer_config.json";

    /// <summary>The architecture: <c>config.json</c>.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged, or says that the weights are quantized.</exception>
    public static JsonSettings Configuration(string directory)
    {
        var configuration = JsonSettings.Open(Path.Combine(directory, ConfigurationFileName));
        QuantizedWeights.Refuse(configuration);
        return configuration;
    }

    /// <summary>
    /// How images are prepared: the section <c>image_processor</c> of <c>processor_config.json</c> (transformers 5), else
    /// <c>preprocessor_config.json</c>. Where both are there the first counts, as it does in transformers 5.
    /// </summary>
    /// <exception cref="CheckpointException">Both are missing, or one is damaged.</exception>
    public static JsonSettings ImageProcessor(string directory) =>
        TryImageProcessor(directory)
        ?? throw new CheckpointException(
            Path.Combine(directory, ImageProcessorFileName),
            $"the file does not exist, nor is there a section '{ImageProcessorSection}' in {ProcessorFileName}; one of them says how the checkpoint's images are resized and normalized."
        );

    /// <summary>As <see cref="ImageProcessor"/>, or <see langword="null"/> where there is neither.</summary>
    public static JsonSettings? TryImageProcessor(string directory) =>
        TryProcessor(directory)?.TrySection(ImageProcessorSection) ?? JsonSettings.TryOpen(Path.Combine(directory, ImageProcessorFileName));

    /// <summary><c>processor_config.json</c>, which joins image processor and tokenizer, or <see langword="null"/>.</summary>
    public static JsonSettings? TryProcessor(string directory) => JsonSettings.TryOpen(Path.Combine(directory, ProcessorFileName));

    /// <summary><c>generation_config.json</c>, or <see langword="null"/>.</summary>
    public static JsonSettings? TryGeneration(string directory) => JsonSettings.TryOpen(Path.Combine(directory, GenerationFileName));

    /// <summary><c>tokenizer_config.json</c>, or <see langword="null"/>.</summary>
    public static JsonSettings? TryTokenizer(string directory) => JsonSettings.TryOpen(Path.Combine(directory, TokenizerSettingsFileName));

    /// <summary>
    /// States for a <c>config.json</c>, or a section of one, which keys of Hugging Face's code change nothing that is computed here.
    /// </summary>
    /// <remarks>
    /// They are about training, about what Python returns, about files, or settings of generation that older versions wrote here and newer
    /// ones write to <c>generation_config.json</c>. Those that turn such a model into another one are required to be off.
    /// </remarks>
    public static void IgnoreCommon(JsonSettings configuration)
    {
        configuration.Ignore(WithoutEffect);
        foreach (string key in Off)
        {
            configuration.Require(key, false);
        }

        if (
            configuration.TryGet("pruned_heads") is { } pruned
            && pruned.ValueKind == JsonValueKind.Object
            && pruned.EnumerateObject().Any()
        )
        {
            throw configuration.Wrong("pruned_heads", $"not implemented, found {StrictJson.Shown(pruned)}");
        }
    }

    private static readonly string[] Off =
    [
        "add_cross_attention",
        "cross_attention_hidden_size",
        "is_encoder_decoder",
        "tie_encoder_decoder",
    ];

    private static readonly string[] WithoutEffect =
    [
        // Files, versions, element types.
        "_attn_implementation",
        "_attn_implementation_autoset",
        "_commit_hash",
        "_name_or_path",
        "architectures",
        "auto_map",
        "dtype",
        "torch_dtype",
        "transformers_version",
        "use_bfloat16",
        "torchscript",
        "transformers.js_config",
        "_flash_attn_2_enabled",
        "unsloth_fixed",
        "unsloth_version",
        // Training and initialization.
        "attention_dropout",
        "attn_pdrop",
        "dropout",
        "embd_pdrop",
        "hidden_dropout",
        "hidden_dropout_prob",
        "attention_probs_dropout_prob",
        "initializer_factor",
        "initializer_range",
        "layerdrop",
        "neftune_noise_alpha",
        "resid_pdrop",
        "use_reentrant_checkpointing",
        "gradient_checkpointing",
        // What Python's functions return and keep.
        "chunk_size_feed_forward",
        "finetuning_task",
        "id2label",
        "label2id",
        "output_attentions",
        "output_hidden_states",
        "output_scores",
        "problem_type",
        "pretraining_tp",
        "return_dict",
        "return_dict_in_generate",
        "task_specific_params",
        "tf_legacy_loss",
        "tokenizer_class",
        "use_cache",
        // Generation.
        "bad_words_ids",
        "begin_suppress_tokens",
        "decoder_start_token_id",
        "diversity_penalty",
        "do_sample",
        "early_stopping",
        "encoder_no_repeat_ngram_size",
        "exponential_decay_length_penalty",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "length_penalty",
        "max_length",
        "min_length",
        "no_repeat_ngram_size",
        "num_beam_groups",
        "num_beams",
        "num_return_sequences",
        "prefix",
        "remove_invalid_values",
        "repetition_penalty",
        "sep_token_id",
        "suppress_tokens",
        "temperature",
        "top_k",
        "top_p",
        "typical_p",
    ];
}
