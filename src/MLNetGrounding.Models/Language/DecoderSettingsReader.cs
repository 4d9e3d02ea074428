using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Language;

/// <summary>
/// Reads the settings of a decoder from <c>config.json</c>, in the spellings that Hugging Face's code has written over the years.
/// </summary>
internal static class DecoderSettingsReader
{
    // Far beyond any model, and small enough that products of two of them are numbers.
    private const int MostLayers = 1024;
    private const int MostHeads = 1024;
    private const int LargestSize = 1 << 20;
    private const int LargestVocabulary = 1 << 24;
    private const int LongestContext = 1 << 30;
    private const int DefaultFirstSliding = 28;

    /// <summary>Reads a decoder's settings.</summary>
    /// <param name="text">Where they stand.</param>
    /// <param name="outer">The settings around them, for what can stand in either.</param>
    /// <param name="types">The decoders that the family may have.</param>
    /// <param name="otherwise">The decoder where <c>model_type</c> is left out.</param>
    /// <exception cref="CheckpointException">A setting is wrong or not understood.</exception>
    public static DecoderSettings Read(JsonSettings text, JsonSettings outer, IReadOnlyList<DecoderType> types, DecoderType otherwise) =>
        Read(text, outer, text.Choice("model_type", [.. types.Select(each => (each.Name, each))], otherwise));

    /// <summary>Reads the settings of a decoder of a known kind; <c>model_type</c> is the caller's to check.</summary>
    /// <param name="text">Where they stand.</param>
    /// <param name="outer">The settings around them, for what can stand in either; the same where there are none around.</param>
    /// <param name="type">The kind.</param>
    /// <exception cref="CheckpointException">A setting is wrong or not understood.</exception>
    public static DecoderSettings Read(JsonSettings text, JsonSettings outer, DecoderType type)
    {
        CheckpointSettings.IgnoreCommon(text);
        text.Ignore("bos_token_id", "eos_token_id", "pad_token_id", "_output_attentions", "rope_interleaved");
        text.Require("hidden_act", "silu");
        text.Require("mlp_bias", false);

        // A decoder that always has biases has none of o either way, whatever its settings say.
        if (type.QueryKeyValueBias)
        {
            text.Ignore("attention_bias");
        }
        else
        {
            text.Require("attention_bias", false);
        }

        int width = text.Int("hidden_size", 1, LargestSize, type.Width);
        int layers = text.Int("num_hidden_layers", 1, MostLayers, type.Layers);
        int heads = text.Int("num_attention_heads", 1, MostHeads, type.Heads);
        int headSize = text.Int("head_dim", 1, LargestSize, type.HeadSize ?? Math.Max(1, width / heads));
        DecoderSettings settings = new()
        {
            Type = type.Name,
            Width = width,
            InnerWidth = text.Int("intermediate_size", 1, LargestSize, type.InnerWidth),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = text.Int("num_key_value_heads", 1, MostHeads, Math.Min(heads, type.KeyValueHeads ?? heads)),
            HeadSize = headSize,
            VocabularySize = text.Int(
                "vocab_size",
                1,
                LargestVocabulary,
                outer.Int("vocab_size", 1, LargestVocabulary, type.VocabularySize)
            ),
            NormEpsilon = text.PositiveNumber("rms_norm_eps", type.NormEpsilon),
            Rotary = Rotary(text, type, headSize / 2, out int? context),
            LongestPrompt = Math.Min(
                context ?? text.Int("max_position_embeddings", 1, LongestContext, type.Context),
                Window(text, type, layers)
            ),
            QueryKeyValueBias = type.QueryKeyValueBias,
            HeadNorms = type.HeadNorms,
            TieWordEmbeddings = Tied(text.TryFlag("tie_word_embeddings"), outer.TryFlag("tie_word_embeddings")),
        };
        if (settings.Heads % settings.KeyValueHeads != 0)
        {
            throw text.Wrong(
                "num_attention_heads",
                $"a multiple of num_key_value_heads ({settings.KeyValueHeads}) was expected, found {settings.Heads}"
            );
        }

        return settings.HeadSize % 2 == 0
            ? settings
            : throw text.Wrong("head_dim", $"an even number was expected, since rotary positions turn pairs, found {settings.HeadSize}");
    }

    /// <summary>Two flags that contradict each other say no more than none.</summary>
    private static bool? Tied(bool? inner, bool? outer) => inner is null || outer is null || inner == outer ? inner ?? outer : null;

    /// <summary>The base stands in a key of its own, scaling in another; newer files nest both in <c>rope_parameters</c>.</summary>
    private static RotarySettings Rotary(JsonSettings text, DecoderType type, int pairs, out int? context)
    {
        JsonSettings? scaling = text.TrySection("rope_parameters") ?? text.TrySection("rope_scaling");
        scaling?.Require("partial_rotary_factor", 1.0);

        // Some files have the base in both places.
        double theta = scaling?.TryPositiveNumber("rope_theta") ?? text.TryPositiveNumber("rope_theta") ?? type.Theta;
        text.Ignore("rope_theta");
        context = null;
        RotaryScaling? scaled = null;
        if (scaling is not null)
        {
            string key = scaling.Has("rope_type") ? "rope_type" : "type";
            scaling.Ignore("rope_type", "type");
            switch (scaling.Choice(key, RotaryKinds(type), 0))
            {
                case 1:
                    int original = scaling.Int(
                        "original_max_position_embeddings",
                        1,
                        LongestContext,
                        text.Int("max_position_embeddings", 1, LongestContext, 8192)
                    );
                    scaled = new RotaryScaling(
                        Required(scaling, "factor"),
                        Required(scaling, "low_freq_factor"),
                        Required(scaling, "high_freq_factor"),
                        original
                    );
                    if (scaled.HighFrequencyFactor <= scaled.LowFrequencyFactor)
                    {
                        throw scaling.Wrong(
                            "high_freq_factor",
                            $"more than low_freq_factor ({scaled.LowFrequencyFactor}) was expected, found {scaled.HighFrequencyFactor}"
                        );
                    }

                    break;
                case 2:
                    // Changes nothing up to the context that the decoder was made for, beyond which prompts are refused.
                    scaling.TryPositiveNumber("factor");
                    context = scaling.TryInt("original_max_position_embeddings", 1, LongestContext);
                    break;
            }
        }

        return new RotarySettings
        {
            Theta = theta,
            Scaling = scaled,
            AxisOfPair = type.Axes?.Read(scaling, text, pairs),
        };
    }

    /// <summary>Positions of several axes are a kind of their own in older files, whose frequencies are the default ones.</summary>
    private static (string, int)[] RotaryKinds(DecoderType type)
    {
        (string, int)[] kinds = [("default", 0), ("llama3", 1), ("dynamic", 2)];
        return type.Axes is null ? kinds : [.. kinds, ("mrope", 0)];
    }

    private static double Required(JsonSettings settings, string key) =>
        settings.TryPositiveNumber(key) ?? throw settings.Wrong(key, "a number above 0 was expected, found nothing");

    /// <summary>Attention beyond a sliding window is cut, so that longer prompts are not for such a decoder.</summary>
    private static int Window(JsonSettings text, DecoderType type, int layers)
    {
        // A key that is null says that there is none; one that is left out leaves it to the decoder's kind.
        int? stated = text.TryInt("sliding_window", 1, LongestContext);
        int? window = stated ?? (text.Keys.Contains("sliding_window") ? null : type.Window);
        bool? named = SlidingLayers(text);
        bool slides = true;
        if (type.WindowSwitch is null)
        {
            text.Ignore("use_sliding_window", "max_window_layers");
        }
        else
        {
            // Layers are named one by one, or slide from a number on.
            int first = text.Int("max_window_layers", 0, int.MaxValue, DefaultFirstSliding);
            slides = text.Flag(type.WindowSwitch, false) && (named ?? first < layers);
        }

        return slides && window is { } tokens ? tokens : int.MaxValue;
    }

    /// <summary>Whether a layer is stated to slide; nothing where layers are not stated one by one.</summary>
    private static bool? SlidingLayers(JsonSettings text)
    {
        const string sliding = "sliding_attention";
        const string key = "layer_types";
        IReadOnlyList<string>? kinds = text.TryTexts(key);
        return kinds?.FirstOrDefault(kind => kind is not ("full_attention" or sliding)) is { } other
            ? throw text.Wrong(key, $"only full_attention and {sliding} are implemented, found {other}")
            : kinds?.Contains(sliding);
    }
}
