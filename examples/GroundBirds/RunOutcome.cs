using System.Runtime.ExceptionServices;

namespace GroundBirds;

/// <summary>How the reading of rows and the drawing of pictures ended.</summary>
internal sealed class RunOutcome
{
    /// <summary>Whether all rows were read; false after Ctrl-C and after a failure.</summary>
    public bool Finished { get; set; } = true;

    public bool ReportWritten { get; set; }

    /// <summary>The first failure, to be thrown once what is done is printed.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Keeps what ended the reading.</summary>
    public void Fail(Exception exception)
    {
        Finished = false;
        Failure ??= ExceptionDispatchInfo.Capture(exception);
    }

    /// <summary>Takes a step after the last row, and keeps what goes wrong with it.</summary>
    public bool Try(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception exception)
        {
            Failure ??= ExceptionDispatchInfo.Capture(exception);
            return false;
        }
    }
}
