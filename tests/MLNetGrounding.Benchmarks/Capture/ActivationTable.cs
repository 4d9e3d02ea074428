using MLNetGrounding.Models.Capture;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>What token activation maps and sinks of the text add to a plain capture of the same words.</summary>
internal static class ActivationTable
{
    private const int FineQueries = 10;
    private const int SuffixTokens = 16;

    public static void Print()
    {
        MarkdownTable table = new(
            $"Peers beside the plain capture of {FineQueries} words and their object, {SuffixTokens} suffix tokens; medians",
            "model",
            "rounds",
            "plain capture, s",
            "with token activation maps",
            "with sinks of the image",
            "with sinks of image and text"
        );
        Add(table, Checkpoints.Small, ScalarType.Float32, rounds: 15);
        Add(table, Checkpoints.Medium, ScalarType.Float32, rounds: 5);
        table.Print();
    }

    private static void Add(MarkdownTable table, LlavaShape configuration, ScalarType type, int rounds)
    {
        using ScratchFolder folder = new();
        RandomCheckpoint.Write(folder.Path, configuration, seed: 1, type);
        using Workload workload = new(folder.Path);
        PreparedPrompt plain = workload.Prompt(FineQueries, SuffixTokens, flow: null);
        PreparedPrompt With(ILayerObserver observer) => plain.With(plain.Options with { Observers = [observer] });
        PreparedPrompt activation = With(new TokenActivationObserver(plain.Rows[0]));

        // Random weights have no sinks; a threshold that some tokens exceed makes the work that there is with them.
        AttentionSinkRemoval sinks = AttentionSinkRemoval.Published with
        {
            Threshold = 0.05,
        };
        PreparedPrompt picture = With(new SinkObserver(sinks with { TextSinks = false }));
        PreparedPrompt text = With(new SinkObserver(sinks));
        double[] seconds = Interleaved.Seconds(
            rounds,
            () => workload.Capture(plain),
            () => workload.Capture(activation),
            () => workload.Capture(picture),
            () => workload.Capture(text)
        );
        string Ratio(int index) => $"{seconds[index] / seconds[0]:f3} x";
        string name = $"{Checkpoints.Parameters(configuration) / 1e6:f0} M parameters, {configuration.TextLayers} layers";
        table.Add(name, $"{rounds}", $"{seconds[0]:f3}", Ratio(1), Ratio(2), Ratio(3));
    }
}
