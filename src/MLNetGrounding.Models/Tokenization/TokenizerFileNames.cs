namespace MLNetGrounding.Models.Tokenization;

/// <summary>Files of a checkpoint folder that a tokenizer is read from.</summary>
internal static class TokenizerFileNames
{
    /// <summary>The whole pipeline, in the form of Hugging Face's tokenizers; read where it is there.</summary>
    public const string Pipeline = "tokenizer.json";

    /// <summary>A SentencePiece model; read where there is no <see cref="Pipeline"/>.</summary>
    public const string SentencePiece = "tokenizer.model";

    /// <summary>Tokens that were added to <see cref="SentencePiece"/>.</summary>
    public const string AddedTokens = "added_tokens.json";
}
