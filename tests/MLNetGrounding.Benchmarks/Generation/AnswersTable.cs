using MLNetGrounding.Samples.Checkpoints;

namespace MLNetGrounding.Benchmarks;

/// <summary>
/// Tokens a second of answers, against reading image, question and answer anew for each token, and what maps of tokens add.
/// </summary>
internal static class AnswersTable
{
    private const int Tokens = 16;
    private const int QuestionTokens = 16;
    private const int Rounds = 5;
    private static readonly int[] Questions = [1, 4, 10];

    public static void Print()
    {
        using ScratchFolder folder = new();
        RandomCheckpoint.Write(folder.Path, Checkpoints.Small, seed: 1);
        using Workload workload = new(folder.Path);
        MarkdownTable table = new(
            $"Answers of {Tokens} tokens, small model ({Checkpoints.Parameters(Checkpoints.Small) / 1e6:f0} M, {Checkpoints.Small.TextLayers} layers x {Checkpoints.Small.TextHeads} heads, {Checkpoints.Small.Grid} x {Checkpoints.Small.Grid} cells), float32; medians of {Rounds} rounds",
            "questions of an image",
            "tokens/s",
            "tokens/s, read anew each time",
            "ratio",
            "with a map of each token",
            "first token, s",
            "each further one of all, s"
        );
        foreach (int questions in Questions)
        {
            PreparedPrompt prompt = workload.Prompt(questions - 1, QuestionTokens, flow: null);
            int[][] given = workload.Answer(prompt, Tokens, maps: false);
            double[] seconds = Interleaved.Seconds(
                Rounds,
                () => workload.Answer(prompt, Tokens, maps: false),
                () => workload.Answer(prompt, Tokens, maps: true),
                () => workload.Answer(prompt, 1, maps: false),
                () => workload.AnswerAnew(prompt, given, Tokens)
            );
            double count = questions * Tokens;
            table.Add(
                $"{questions}",
                $"{count / seconds[0]:f0}",
                $"{count / seconds[3]:f0}",
                $"{seconds[3] / seconds[0]:f1}",
                $"{(seconds[1] / seconds[0]) - 1:+0.0%;-0.0%}",
                $"{seconds[2]:f3}",
                $"{(seconds[0] - seconds[2]) / (Tokens - 1):f4}"
            );
        }

        table.Print();
    }
}
