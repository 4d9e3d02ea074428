using System.Runtime.InteropServices;

namespace MLNetGrounding.Models.Runtime;

/// <summary>
/// Lets libtorch's threads sleep while they wait for each other. By default they spin, which takes the cores from everything else on the
/// machine, and from each other where there are more threads than free cores.
/// </summary>
/// <remarks>
/// <c>OMP_WAIT_POLICY</c> is what OpenMP's runtime libraries read once, when they are loaded with libtorch. A value in the environment, or
/// set with <see cref="Environment.SetEnvironmentVariable(string, string)"/> before, is kept; so are the runtimes' own settings
/// (<c>GOMP_SPINCOUNT</c>), which go before it.
/// </remarks>
internal static class PassiveWaiting
{
    private const string Variable = "OMP_WAIT_POLICY";

    /// <summary>Must run before libtorch is loaded; has no effect later.</summary>
    public static void Apply()
    {
        string? chosen = Environment.GetEnvironmentVariable(Variable);
        string policy = chosen ?? "passive";
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(Variable, policy);
            return;
        }

        try
        {
            // Elsewhere .NET keeps its own copy of the environment, which native code does not see.
            _ = SetVariable(Variable, policy, overwrite: chosen is null ? 0 : 1);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Without it threads wait as they would have.
        }
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetVariable(string name, string value, int overwrite);
}
