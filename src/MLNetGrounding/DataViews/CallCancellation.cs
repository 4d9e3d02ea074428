namespace MLNetGrounding.DataViews;

/// <summary>
/// Brings the cancellation of one call to the steps that the call runs. ML.NET's rows have no room for it, but a row is computed on the
/// thread that asks for it, so the call's token stands with the thread.
/// </summary>
internal static class CallCancellation
{
    [ThreadStatic]
    private static CancellationToken _token;

    /// <summary>Runs a call whose rows are computed on this thread.</summary>
    /// <exception cref="OperationCanceledException">The call was canceled; the exception carries <paramref name="token"/>.</exception>
    public static T Run<T>(Func<T> call, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        CancellationToken outer = _token;
        _token = token;
        T result;
        try
        {
            result = call();
        }
        catch (Exception exception) when (token.IsCancellationRequested && IsCancellation(exception))
        {
            throw new OperationCanceledException(exception.Message, exception, token);
        }
        finally
        {
            _token = outer;
        }

        // The steps hear of it a moment later, by when the last of them may be done.
        token.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>What is canceled with either of a component's own token and the present call; the caller disposes it.</summary>
    public static CancellationTokenSource With(CancellationToken own) => CancellationTokenSource.CreateLinkedTokenSource(own, _token);

    // ML.NET may wrap what a step throws.
    private static bool IsCancellation(Exception? exception) =>
        exception is OperationCanceledException || (exception is not null && IsCancellation(exception.InnerException));
}
