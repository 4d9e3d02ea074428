using MLNetGrounding.Models.Language;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>What Hugging Face's code takes where a <c>config.json</c> of LLaVA or a relative leaves something out.</summary>
/// <param name="Decoder">The decoder.</param>
/// <param name="ImageToken">The id that stands for visual tokens.</param>
/// <param name="FeatureLayer">Which hidden state of the tower is projected.</param>
/// <param name="DropsFirst">Whether the first token of the tower is left out.</param>
internal sealed record LlavaDefaults(DecoderType Decoder, int ImageToken, int FeatureLayer, bool DropsFirst);
