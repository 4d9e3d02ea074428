using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNetGrounding.Models.Runtime;

/// <summary>Says which native package an application lacks, where TorchSharp only says that a library could not be loaded.</summary>
internal static class TorchBackend
{
    /// <summary>Loads TorchSharp's native library.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none, and the message names the package to add; or it cannot be loaded, and
    /// the message says why.</exception>
    public static void Require()
    {
        string? problem = TorchRuntime.EnsureLoadable();
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException exception)
        {
            string platform = RuntimeInformation.RuntimeIdentifier;
            string version = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "";
            throw new PlatformNotSupportedException(
                $"TorchSharp's native library could not be loaded on {platform}. {problem ?? Hint(platform, version)}",
                exception
            );
        }
    }

    /// <summary>What an application on a platform has to add.</summary>
    /// <param name="platform">A runtime identifier, e.g. <c>win-x64</c>.</param>
    /// <param name="version">The version of TorchSharp that the native package must match.</param>
    internal static string Hint(string platform, string version)
    {
        string? graphics = platform switch
        {
            _ when platform.StartsWith("win-x64", StringComparison.Ordinal) => "TorchSharp-cuda-windows",
            _ when platform.EndsWith("-x64", StringComparison.Ordinal) && !platform.StartsWith("osx", StringComparison.Ordinal) =>
                "TorchSharp-cuda-linux",
            _ => null,
        };
        bool served = graphics is not null || platform is "osx-arm64" or "win-arm64";
        return served
            ? $"Add its native package to the application: 'dotnet add package TorchSharp-cpu --version {version}'{(graphics is null ? "" : $", or {graphics} for an NVIDIA GPU")}."
            : "TorchSharp has native packages for linux-x64, win-x64, win-arm64 and osx-arm64 only: run the application on one of them.";
    }
}
