namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>A step that turns the texts of tokens into readable text.</summary>
internal interface ITokenDecoder
{
    /// <param name="tokens">What the step before gives; a copy that may be changed.</param>
    /// <param name="continues">Whether text came before these tokens, so that they do not begin the whole text.</param>
    List<string> Decode(List<string> tokens, bool continues);
}
