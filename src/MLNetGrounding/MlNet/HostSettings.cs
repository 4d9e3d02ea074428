using Microsoft.ML.Runtime;

namespace MLNetGrounding.MlNet;

/// <summary>
/// The settings of <see cref="Microsoft.ML.MLContext"/> that its environment carries in an interface ML.NET keeps to itself. Like
/// <see cref="CatalogEnvironment"/>, this looks for them in one place and works on without them.
/// </summary>
internal static class HostSettings
{
    /// <summary>The GPU that the context asks for, or <see langword="null"/>.</summary>
    public static int? GpuDeviceId(IHostEnvironment environment) => Read(environment, "GpuDeviceId") as int?;

    /// <summary>Whether the CPU may stand in for a GPU that cannot be had.</summary>
    public static bool FallbackToCpu(IHostEnvironment environment) => Read(environment, "FallbackToCpu") is true;

    /// <summary>Throws where the context was asked to end what it does.</summary>
    public static void ThrowIfCanceled(IHostEnvironment environment)
    {
        if (Read(environment, "IsCanceled") is true)
        {
            throw new OperationCanceledException("The MLContext was canceled.");
        }
    }

    private static object? Read(IHostEnvironment environment, string name) =>
        environment.GetType().GetProperty(name)?.GetValue(environment);
}
