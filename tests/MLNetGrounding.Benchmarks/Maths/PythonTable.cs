using System.Diagnostics;
using System.Globalization;

namespace MLNetGrounding.Benchmarks;

/// <summary>
/// The maths of one query by the method's plain statement in NumPy and SciPy, <c>reference/method.py</c> of the folder that GROUNDING_DATA
/// names, run by the interpreter that PYTHON names (default <c>python3</c>), beside ours on the same numbers.
/// </summary>
internal static class PythonTable
{
    private const int Rounds = 9;

    private const string Script = """
        import sys, time, statistics
        import numpy as np
        from scipy import ndimage
        folder, reference, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
        sys.path.insert(0, reference)
        import method
        maps = np.fromfile(folder + '/maps', np.float32).reshape(32, 32, 24, 24)
        flow = np.fromfile(folder + '/flow', np.float32).reshape(32, 640, 640)
        mask = np.fromfile(folder + '/mask', np.float32).reshape(24, 24)
        def milliseconds(run):
            times = []
            for _ in range(rounds):
                start = time.perf_counter(); run(); times.append(time.perf_counter() - start)
            return statistics.median(times) * 1e3
        def query():
            layer_maps, _, _, _ = method.hsa_all(maps)
            final, _ = method.constrained(layer_maps, mask)
            return method.mpir(method.region(final), [(.5, .5)])
        def one_label_call():
            # Entropy, scaling and the labels of all heads at once; heads do not touch, because the structure joins within a map only.
            x = maps.reshape(1024, 576).astype(np.float64)
            p = x / x.sum(1, keepdims=True)
            entropy = -(p * np.log(np.where(p > 0, p, 1))).sum(1) / np.log(576)
            low = x.min(1, keepdims=True)
            active = ((x - low) / (x.max(1, keepdims=True) - low) >= .05).reshape(1024, 24, 24)
            structure = np.zeros((3, 3, 3), int); structure[1] = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
            labels, count = ndimage.label(active, structure)
            sizes = np.bincount(labels.ravel(), minlength=count + 1)
            sizes[0] = 0
            compactness = sizes[labels].reshape(1024, 576).max(1) / active.reshape(1024, 576).sum(1)
            kept = (entropy <= .8) & (compactness >= .5)
            layer_maps = np.where(kept[:, None], x, 0).reshape(32, 32, 576).max(1).reshape(32, 24, 24)
            final, _ = method.constrained(layer_maps, mask)
            return method.mpir(method.region(final), [(.5, .5)])
        print(milliseconds(query), milliseconds(one_label_call), milliseconds(lambda: method.rollout_row(flow, 639)))
        """;

    public static void Print()
    {
        string? data = Environment.GetEnvironmentVariable("GROUNDING_DATA");
        if (data is null)
        {
            Console.WriteLine("GROUNDING_DATA does not name the folder of the method's reference; nothing to compare with.\n");
            return;
        }

        MathsBenchmarks ours = new();
        double[] seconds = Interleaved.Seconds(Rounds * 10, () => ours.Query(), () => ours.Rollout());
        using ScratchFolder folder = new();
        ours.Save(folder.Path);
        double[] python = Run(Path.Combine(data, "reference"), folder.Path);
        MarkdownTable table = new("The same numbers by NumPy and SciPy, one core", "what", "NumPy/SciPy, ms", "C#, ms", "ratio");
        Add("head selection, masking, region, mPIR: plain", python[0], seconds[0]);
        Add("head selection, masking, region, mPIR: all heads in one label call", python[1], seconds[0]);
        Add("coarse rollout, once per image", python[2], seconds[1]);
        table.Print();

        void Add(string what, double theirs, double own) =>
            table.Add(what, $"{theirs:f1}", $"{own * 1e3:f2}", $"{theirs / (own * 1e3):f1}");
    }

    private static double[] Run(string reference, string folder)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("PYTHON") ?? "python3",
            ["-c", Script, folder, reference, $"{Rounds}"]
        )
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["OMP_NUM_THREADS"] = "1",
                ["OPENBLAS_NUM_THREADS"] = "1",
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. output.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{start.FileName} failed; NumPy and SciPy are needed.");
    }
}
