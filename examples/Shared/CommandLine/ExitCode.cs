namespace MLNetGrounding.Examples;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongArguments = 2;

    /// <summary>128 plus the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
