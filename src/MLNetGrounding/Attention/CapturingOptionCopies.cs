using MLNetGrounding.DataViews;

namespace MLNetGrounding.Attention;

internal static class CapturingOptionCopies
{
    /// <summary>A copy for queries and a capture that were saved; the model is found by what was saved with them.</summary>
    public static TOptions CheckedCopy<TOptions>(this TOptions options, SavedCapture saved, CaptureOptions capture)
        where TOptions : CapturingOptions
    {
        TOptions copy = options.Copied();
        copy.Queries = [.. saved.Queries.Select(each => each.Query)];
        copy.Capture = capture;
        copy.Check();
        return copy;
    }
}
