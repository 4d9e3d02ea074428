using System.Diagnostics;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Models;

namespace MLNetGrounding.Benchmarks;

/// <summary>Time and memory of models that fit a laptop, at their published shapes with random weights.</summary>
internal static class LaptopTable
{
    private const int FineQueries = 10;
    private const int UsualRounds = 3;

    public const string Usage = "laptop [MODEL...] [--eager] [--rounds N] [--folder FOLDER [--write]]";

    /// <summary>Prints the table.</summary>
    /// <param name="arguments">
    /// Names of models, all of them where there are none; <c>--eager</c> runs eager forward passes too, <c>--folder</c> keeps checkpoints
    /// and takes those that are there, <c>--write</c> only writes them.
    /// </param>
    /// <returns>The exit code.</returns>
    public static int Print(string[] arguments)
    {
        bool eager = false;
        bool writes = false;
        int rounds = UsualRounds;
        string? kept = null;
        List<string> names = [];
        for (int index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--eager":
                    eager = true;
                    break;
                case "--write":
                    writes = true;
                    break;
                case "--folder" when index + 1 < arguments.Length:
                    kept = arguments[++index];
                    break;
                case "--rounds" when index + 1 < arguments.Length && int.TryParse(arguments[index + 1], out int wanted) && wanted > 0:
                    rounds = wanted;
                    index++;
                    break;
                default:
                    names.Add(arguments[index]);
                    break;
            }
        }

        string[] unknown = [.. names.Where(name => RealShape.All.All(shape => shape.Name != name))];
        if (unknown.Length > 0)
        {
            Console.WriteLine(
                $"Unknown: {string.Join(", ", unknown)}. Usage: {Usage}; models: {string.Join(", ", RealShape.All.Select(shape => shape.Name))}."
            );
            return 1;
        }

        List<string> columns =
        [
            "model",
            "on disk, GB",
            "image as",
            "tokens run",
            "open, s",
            "fit the image, s",
            "capture, s",
            "no capture, s",
            "capture over it",
            "heads in the flow",
            "anonymous after opening, GB",
            "peak above that, GB",
        ];
        if (eager)
        {
            columns.AddRange([$"eager, all attention kept, x {FineQueries + 1}, s", "ratio"]);
        }

        MarkdownTable table = new(
            $"Models of a laptop's size, random weights in bfloat16, {FineQueries} fine queries and a coarse one with its flow; medians of {rounds} rounds"
                + (eager ? $"; eager: one query's time x {FineQueries + 1}" : ""),
            [.. columns]
        );
        foreach (RealShape shape in RealShape.All.Where(shape => names.Count == 0 || names.Contains(shape.Name)))
        {
            using ScratchFolder? scratch = kept is null ? new ScratchFolder() : null;
            string directory = Path.Combine(kept ?? scratch!.Path, shape.Name);
            Console.Error.WriteLine($"{DateTime.Now:T} {directory}");
            shape.Write(directory);
            foreach ((string name, CaptureOptions options) in writes ? [] : shape.Settings)
            {
                Console.Error.WriteLine($"{DateTime.Now:T} {shape.Name}, {name}");
                table.Add([shape.Name, $"{Bytes(directory) / 1e9:f2}", name, .. Measure(shape, directory, options, rounds, eager)]);
            }
        }

        if (!writes)
        {
            table.Print();
        }

        return 0;
    }

    private static long Bytes(string directory) => new DirectoryInfo(directory).EnumerateFiles("*.safetensors").Sum(file => file.Length);

    private static string[] Measure(RealShape shape, string directory, CaptureOptions options, int rounds, bool eager)
    {
        GC.Collect();
        long before = MemoryWatch.AnonymousBytes();
        long start = Stopwatch.GetTimestamp();
        using Workload workload = new(SharedCheckpoint.Load(directory, new VisionLanguageModelOptions()), options);
        double open = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long opened = MemoryWatch.AnonymousBytes();
        PreparedPrompt prompt = workload.Prompt(FineQueries, shape.Fine, new CoarseFlowOptions(), shape.Prefix, shape.Coarse);
        AttentionCapture capture;
        long peak;
        using (MemoryWatch watch = new())
        {
            capture = workload.Capture(prompt);
            peak = watch.Peak;
        }

        int tokens = shape.Prefix + workload.VisualTokens + shape.Coarse + (FineQueries * shape.Fine);
        string heads = $"{FlowHeads(capture)} of {prompt.Model.Layers * prompt.Model.Heads}";
        double[] seconds = Interleaved.Seconds(
            rounds,
            () => workload.Prepare(),
            () => workload.Capture(prompt),
            () => workload.Forward(prompt)
        );
        List<string> cells =
        [
            $"{tokens}",
            $"{open:f2}",
            $"{seconds[0]:f3}",
            $"{seconds[1]:f2}",
            $"{seconds[2]:f2}",
            $"{(seconds[1] / seconds[2]) - 1:+0.0%;-0.0%}",
            heads,
            $"{(opened - before) / 1e9:f2}",
            $"{(peak - opened) / 1e9:f2}",
        ];
        if (eager)
        {
            double eleven = Interleaved.Seconds(1, () => workload.Eager(prompt, 1))[0] * (FineQueries + 1);
            cells.AddRange([$"{eleven:f1}", $"{eleven / seconds[1]:f1}"]);
        }

        return [.. cells];
    }

    /// <summary>The heads that the paper's selection keeps for the coarse word.</summary>
    private static int FlowHeads(AttentionCapture capture)
    {
        ModelInfo model = capture.Prompt.Model;
        MapGrid grid = capture.Prompt.Grid;
        int layerLength = model.Heads * grid.Cells;
        bool[] kept = new bool[model.Heads];
        int count = 0;
        for (int layer = 0; layer < model.Layers; layer++)
        {
            HeadSelection.Select(
                capture.CoarseAttention.AsSpan(layer * layerLength, layerLength),
                model.Heads,
                grid.Height,
                grid.Width,
                new(),
                [],
                kept,
                [],
                []
            );
            count += kept.Count(head => head);
        }

        return count;
    }
}
