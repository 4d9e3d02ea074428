using System.Globalization;
using System.Text;
using MLNetGrounding;
using MLNetGrounding.Samples.Checkpoints;

namespace TrainSampleLlava;

/// <summary>
/// What amplifying attention under the coarse mask does to a checkpoint's answers and attention, on birds it has never seen.
/// </summary>
internal static class AmplificationTable
{
    public static string Measure(
        string directory,
        SampleSeedRange seeds,
        int count,
        IReadOnlyList<double> biases,
        double firstLayerDepth,
        double maskThreshold,
        CancellationToken cancellationToken
    )
    {
        var configuration = LlavaShape.Read(directory);
        StringBuilder table = new();
        table
            .AppendLine(
                "| bias | parts right after the word | parts right after `ASSISTANT:` | attention under the mask, amplified layers | mask's share of the tokens |"
            )
            .AppendLine("|---|---|---|---|---|");
        foreach (double bias in biases)
        {
            AttentionAmplification amplification = new()
            {
                Bias = bias,
                FirstLayerDepth = firstLayerDepth,
                MaskThreshold = maskThreshold,
            };
            AmplifiedMass mass = new(configuration, firstLayerDepth);
            AnswerScores scores = HeldOutAccuracy.Measure(
                directory,
                Subject.Bird,
                seeds,
                count,
                amplification: amplification,
                questions: false,
                look: mass.Add,
                cancellationToken: cancellationToken
            );
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {bias} | {scores.PartAccuracy(Subject.Bird, AnswerForm.Word):0.000} | {scores.PartAccuracy(Subject.Bird, AnswerForm.Prompt):0.000} | {mass.Attention:0.000} | {mass.MaskShare:0.000} |"
            );
        }

        return table.ToString();
    }
}
