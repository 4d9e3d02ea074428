using MLNetGrounding.Samples.Checkpoints;

namespace MLNetGrounding.Benchmarks;

/// <summary>How a capture's cost grows with the queries and with the image tokens.</summary>
internal static class GrowthTable
{
    // 312 are all attributes of CUB.
    private static readonly int[] Queries = [1, 10, 50, 312];
    private static readonly int[] Grids = [12, 24, 48];

    private const int SuffixTokens = 16;

    // Deep and wide enough that products of matrices take most of the time.
    private static readonly LlavaShape Architecture = Checkpoints.Small with
    {
        TextHiddenSize = 512,
        TextIntermediateSize = 1408,
        TextHeadSize = 64,
    };

    public static void Print()
    {
        MarkdownTable table = new(
            $"Growth: {Architecture.TextLayers} layers x {Architecture.TextHeads} heads of {Architecture.TextHeadSize}, suffixes of {SuffixTokens} tokens, one coarse query",
            "image tokens",
            "fine queries",
            "tokens run",
            "tokens of whole prompts",
            "no capture, s",
            "rows, s",
            "rows and flow, s",
            "ms per further query",
            "us per token run"
        );
        foreach (int grid in Grids)
        {
            using ScratchFolder folder = new();
            RandomCheckpoint.Write(folder.Path, Architecture with { ImageSize = grid * Architecture.PatchSize }, seed: 1);
            using Workload workload = new(folder.Path);
            (int Queries, double Seconds) before = default;
            foreach (int queries in Queries)
            {
                PreparedPrompt prompt = workload.Prompt(queries, SuffixTokens, new CoarseFlowOptions());
                PreparedPrompt rowsOnly = workload.Prompt(queries, SuffixTokens, flow: null);
                double[] seconds = Interleaved.Seconds(
                    rounds: 3,
                    () => workload.Forward(prompt),
                    () => workload.Capture(rowsOnly),
                    () => workload.Capture(prompt)
                );
                int suffixes = (queries + 1) * SuffixTokens;
                int run = Workload.PrefixLength(prompt) + suffixes;
                table.Add(
                    $"{grid * grid}",
                    $"{queries}",
                    $"{run}",
                    $"{((queries + 1) * Workload.PrefixLength(prompt)) + suffixes}",
                    $"{seconds[0]:f3}",
                    $"{seconds[1]:f3}",
                    $"{seconds[2]:f3}",
                    before.Queries == 0 ? "" : $"{(seconds[2] - before.Seconds) * 1e3 / (queries - before.Queries):f1}",
                    $"{seconds[2] * 1e6 / run:f0}"
                );
                before = (queries, seconds[2]);
            }
        }

        table.Print();
    }
}
