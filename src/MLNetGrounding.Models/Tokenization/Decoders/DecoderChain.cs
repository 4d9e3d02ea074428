namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>The steps from tokens to text.</summary>
/// <param name="steps">The steps in order.</param>
/// <param name="continuable">Whether text that was decoded never changes by what follows, so that decoding can go on behind it.</param>
internal sealed class DecoderChain(IReadOnlyList<ITokenDecoder> steps, bool continuable)
{
    public bool IsContinuable => continuable;

    /// <param name="tokens">Texts of tokens in the vocabulary.</param>
    /// <param name="continues">Whether text came before them.</param>
    public string Decode(IEnumerable<string> tokens, bool continues)
    {
        List<string> texts = [.. tokens];
        foreach (ITokenDecoder step in steps)
        {
            texts = step.Decode(texts, continues);
        }

        return string.Concat(texts);
    }
}
