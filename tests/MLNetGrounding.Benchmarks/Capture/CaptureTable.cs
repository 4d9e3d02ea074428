using System.Globalization;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>Ten fine queries and a coarse one in one packed pass, against an eager forward pass per query.</summary>
internal static class CaptureTable
{
    private const int FineQueries = 10;

    // Fewest tokens, and those of LLaVA's template with the default question.
    private static readonly int[] SuffixTokens = [6, 16];

    public static void PrintSmall() =>
        Print("small model", Checkpoints.Small, ScalarType.Float32, rounds: 9, eagerQueries: FineQueries + 1);

    public static void PrintBillion() =>
        Print("a billion parameters", Checkpoints.Billion, ScalarType.BFloat16, rounds: 5, eagerQueries: 1);

    private static void Print(string name, LlavaShape configuration, ScalarType type, int rounds, int eagerQueries)
    {
        using ScratchFolder folder = new();
        RandomCheckpoint.Write(folder.Path, configuration, seed: 1, type);
        double[] differences = Differences(folder.Path, eagerQueries);
        using Workload workload = new(folder.Path);
        MarkdownTable speed = new(
            $"Eleven queries, {name} ({Checkpoints.Parameters(configuration) / 1e6:f0} M, {type} on disk, {configuration.TextLayers} layers x {configuration.TextHeads} heads, {configuration.Grid} x {configuration.Grid} cells)"
                + (eagerQueries == 1 ? $", eager: one query's time x {FineQueries + 1}" : "")
                + $"; medians of {rounds} rounds",
            "suffix tokens",
            "eager, all attention kept, s",
            "capture, s",
            "ratio",
            "ratio of tokens",
            "largest difference of maps, float32"
        );
        MarkdownTable parts = new(
            $"Where the time goes, {name}",
            "suffix tokens",
            "no capture, s",
            "+ rows of the words",
            "+ coarse flow",
            "capture over no capture",
            "heads in the flow"
        );
        for (int index = 0; index < SuffixTokens.Length; index++)
        {
            int tokens = SuffixTokens[index];
            PreparedPrompt prompt = workload.Prompt(FineQueries, tokens, new CoarseFlowOptions());
            PreparedPrompt rowsOnly = workload.Prompt(FineQueries, tokens, flow: null);
            AttentionCapture? capture = null;
            double[] seconds = Interleaved.Seconds(
                rounds,
                () => Eager(workload, prompt, eagerQueries),
                () => capture = workload.Capture(prompt),
                () => workload.Forward(prompt),
                () => workload.Capture(rowsOnly)
            );
            double eagerSeconds = seconds[0] * (FineQueries + 1) / eagerQueries;
            speed.Add(
                $"{tokens}",
                $"{eagerSeconds:f2}",
                $"{seconds[1]:f3}",
                $"{eagerSeconds / seconds[1]:f1}",
                $"{Workload.TokenRatio(prompt):f1}",
                Scientific(differences[index])
            );
            parts.Add(
                $"{tokens}",
                $"{seconds[2]:f3}",
                $"{(seconds[3] / seconds[2]) - 1:+0.0%;-0.0%}",
                $"{(seconds[1] - seconds[3]) / seconds[2]:+0.0%;-0.0%}",
                $"{(seconds[1] / seconds[2]) - 1:+0.0%;-0.0%}",
                $"{Kept(capture!, configuration)} of {configuration.TextLayers * configuration.TextHeads}"
            );
        }

        speed.Print();
        parts.Print();
    }

    /// <summary>
    /// For each length of suffixes, how far eager and captured maps lie apart when both compute in float32: in 16 bits random weights leave
    /// some attention so undecided that rounding alone moves it.
    /// </summary>
    private static double[] Differences(string directory, int eagerQueries)
    {
        using Workload workload = new(directory, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 });
        return Array.ConvertAll(
            SuffixTokens,
            tokens =>
            {
                PreparedPrompt prompt = workload.Prompt(FineQueries, tokens, flow: null);
                return Difference(Eager(workload, prompt, eagerQueries), workload.Capture(prompt));
            }
        );
    }

    private static float[][] Eager(Workload workload, PreparedPrompt prompt, int queries) =>
        [.. Enumerable.Range(0, queries).Select(query => workload.Eager(prompt, query))];

    private static string Scientific(double number) => number.ToString("0.0e-0", CultureInfo.InvariantCulture);

    /// <summary>Largest absolute difference between the eager maps, the coarse query's first, and the captured ones.</summary>
    private static double Difference(float[][] eager, AttentionCapture capture)
    {
        double largest = 0;
        int length = capture.CoarseAttention.Length;
        for (int query = 0; query < eager.Length; query++)
        {
            ReadOnlySpan<float> captured =
                query == 0 ? capture.CoarseAttention : capture.FineAttention.AsSpan((query - 1) * length, length);
            for (int cell = 0; cell < length; cell++)
            {
                largest = Math.Max(largest, Math.Abs(eager[query][cell] - captured[cell]));
            }
        }

        return largest;
    }

    private static int Kept(AttentionCapture capture, LlavaShape configuration)
    {
        bool[] kept = new bool[configuration.TextHeads];
        int layerLength = configuration.TextHeads * configuration.VisualTokens;
        int count = 0;
        for (int layer = 0; layer < configuration.TextLayers; layer++)
        {
            HeadSelection.Select(
                capture.CoarseAttention.AsSpan(layer * layerLength, layerLength),
                configuration.TextHeads,
                configuration.Grid,
                configuration.Grid,
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
