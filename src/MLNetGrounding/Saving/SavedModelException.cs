namespace MLNetGrounding;

/// <summary>
/// A saved model that cannot be loaded: the zip is damaged, holds what no component of this library wrote, or needs a later version of it.
/// </summary>
/// <remarks>
/// <c>MLContext.Model.Load</c> makes components through reflection, so that this exception arrives there as the cause of another:
/// <see cref="Exception.GetBaseException"/> of what was caught. <c>MLContext.Model.LoadGrounding</c> throws it as it is.
/// A checkpoint that is missing, or is another one than was saved, is no fault of the zip: that is a
/// <see cref="CheckpointException"/>, thrown when the model is first used.
/// </remarks>
public sealed class SavedModelException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected, what was found and what to do.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public SavedModelException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
