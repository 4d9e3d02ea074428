using System.Runtime.InteropServices;
using MLNetGrounding.Models.Runtime;
using TorchSharp;

namespace MLNetGrounding.Benchmarks;

/// <summary>What the tables were measured on.</summary>
internal static class Machine
{
    public static string Description =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:f0} GB, {RuntimeInformation.OSDescription}, "
        + $"{RuntimeInformation.FrameworkDescription}, {torch.get_num_threads()} libtorch threads, "
        + $"16-bit matrix instructions: {(HalfPrecision.IsFastOnCpu ? "yes" : "no, weights are widened to float32 as they are used")}.";

    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        string? line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
