namespace MLNetGrounding;

/// <summary>A model that could not be had from a hub; the message says why and what to do.</summary>
/// <remarks>No message holds a token.</remarks>
public sealed class ModelHubException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">The same in words, with what to do.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public ModelHubException(ModelHubError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why.</summary>
    public ModelHubError Error { get; }

    /// <summary>Whether the same request may be answered a moment later.</summary>
    internal bool MayPass { get; init; }

    /// <summary>Whether no server was found at all.</summary>
    internal bool NeverConnected { get; init; }

    /// <summary>How long the server asks to be left alone.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether an address was refused that may have been valid for some time only.</summary>
    internal bool MayHaveExpired { get; init; }
}
