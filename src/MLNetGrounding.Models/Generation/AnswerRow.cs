namespace MLNetGrounding;

/// <summary>Which row of attention is the map of an answer's token.</summary>
public enum AnswerRow
{
    /// <summary>
    /// The row that the token was predicted from, that of the token before it (of the first token: the prompt's last): where the model
    /// looked when it chose the token. The default.
    /// </summary>
    Predicting,

    /// <summary>The token's own row, from which the next token is predicted; the last token of an answer costs one pass more.</summary>
    Token,
}
