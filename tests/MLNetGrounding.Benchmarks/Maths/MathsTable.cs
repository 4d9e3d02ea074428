using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MLNetGrounding.Benchmarks;

/// <summary>Runs <see cref="MathsBenchmarks"/> and prints each fast way beside its naive twin.</summary>
internal static class MathsTable
{
    // Milliseconds of the plain statement in NumPy and SciPy, and of the one whose components are labeled in one call; measured by others.
    private const double PlainPython = 53;
    private const double VectorizedPython = 10.6;
    private const double PythonRollout = 4.2;

    public static void Print()
    {
        using ScratchFolder artifacts = new();
        IConfig config = ManualConfig
            .CreateEmpty()
            .AddJob(Job.ShortRun.WithIterationCount(9).WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(artifacts.Path);
        Summary summary = BenchmarkRunner.Run<MathsBenchmarks>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => report.ResultStatistics is null))
        {
            throw new InvalidOperationException(
                string.Join('\n', summary.ValidationErrors.Select(error => error.Message).Prepend("The benchmarks did not run."))
            );
        }

        MarkdownTable table = new(
            "Maths of one query, 32 layers x 32 heads x 24 x 24 cells, and the coarse rollout's row, 32 layers x 640 tokens; one core",
            "what",
            "naive C#, ms",
            "fast, ms",
            "ratio",
            "NumPy/SciPy plain, vectorized, ms (stated, idle cores)",
            "ratio",
            "allocated, bytes"
        );
        Add(
            "head selection, entropy and compactness given",
            nameof(MathsBenchmarks.SelectionNaive),
            nameof(MathsBenchmarks.SelectionWithStatistics)
        );
        Add("head selection", nameof(MathsBenchmarks.SelectionNaive), nameof(MathsBenchmarks.Selection));
        Add(
            "head selection, masking, region, mPIR",
            nameof(MathsBenchmarks.QueryNaive),
            nameof(MathsBenchmarks.Query),
            PlainPython,
            VectorizedPython
        );
        Add("coarse rollout, once per image", nameof(MathsBenchmarks.RolloutNaive), nameof(MathsBenchmarks.Rollout), PythonRollout);
        Add("one pass over its 52 MB, for comparison", null, nameof(MathsBenchmarks.OnePassOverTheFlow));
        table.Print();

        void Add(string what, string? naive, string fast, params double[] python)
        {
            double milliseconds = Milliseconds(fast);
            table.Add(
                what,
                naive is null ? "" : $"{Milliseconds(naive):f1}",
                $"{milliseconds:f2}",
                naive is null ? "" : $"{Milliseconds(naive) / milliseconds:f0}",
                string.Join(", ", python),
                string.Join(", ", python.Select(time => $"{time / milliseconds:f0}")),
                $"{Report(fast).GcStats.GetBytesAllocatedPerOperation(Report(fast).BenchmarkCase)}"
            );
        }

        double Milliseconds(string method) => Report(method).ResultStatistics!.Median / 1e6;

        BenchmarkReport Report(string method) =>
            summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
    }
}
