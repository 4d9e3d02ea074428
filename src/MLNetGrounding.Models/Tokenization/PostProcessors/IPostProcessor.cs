using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.PostProcessors;

/// <summary>A step that changes the tokens of the whole text.</summary>
internal interface IPostProcessor
{
    /// <param name="tokens">The tokens.</param>
    /// <param name="addSpecialTokens">Whether special tokens are put around them.</param>
    List<AlignedToken> Process(List<AlignedToken> tokens, bool addSpecialTokens);
}
