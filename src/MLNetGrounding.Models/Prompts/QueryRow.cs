namespace MLNetGrounding;

/// <summary>Which token's attention row over the visual tokens is the map of a query.</summary>
public enum QueryRow
{
    /// <summary>The mean over the sub-tokens of the queried word. The default.</summary>
    WordMean,

    /// <summary>The last sub-token of the queried word.</summary>
    WordLast,

    /// <summary>The first sub-token of the queried word.</summary>
    WordFirst,

    /// <summary>The last token of the prompt, from which the answer's first token is predicted.</summary>
    LastPromptToken,
}
