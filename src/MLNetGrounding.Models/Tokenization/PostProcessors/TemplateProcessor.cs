using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.PostProcessors;

/// <summary>Puts special tokens around the text; they stand for nothing of it.</summary>
/// <param name="template">Special tokens, and <see langword="null"/> for the tokens of the text.</param>
internal sealed class TemplateProcessor(IReadOnlyList<AlignedToken?> template) : IPostProcessor
{
    public List<AlignedToken> Process(List<AlignedToken> tokens, bool addSpecialTokens)
    {
        if (!addSpecialTokens)
        {
            return tokens;
        }

        List<AlignedToken> result = new(tokens.Count + template.Count);
        foreach (AlignedToken? special in template)
        {
            if (special is { } token)
            {
                result.Add(token);
            }
            else
            {
                result.AddRange(tokens);
            }
        }

        return result;
    }
}
