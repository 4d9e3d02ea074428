using System.Globalization;
using System.Text;

namespace SteerAnswers;

/// <summary>Sums answers up: how many are right under each steering, and how they differ from the unsteered ones.</summary>
internal sealed class SteeringTable(IReadOnlyList<Steering> steerings)
{
    private const int Resamplings = 1000;
    private const int Shown = 3;

    private readonly List<SteeredAnswer[]> _answers = [];

    /// <summary>Adds the answers about one image, in the order of the steerings.</summary>
    public void Add(SteeredAnswer[] answers) => _answers.Add(answers);

    /// <summary>A table in Markdown.</summary>
    /// <param name="seed">Of the resamplings.</param>
    public string ToMarkdown(int seed)
    {
        StringBuilder text = new();
        text.Append(
            "| steered | bias | right | difference | same answer | probability of the right one | answers that are wrong most often |\n"
        );
        text.Append("|---|---:|---:|---:|---:|---:|---|\n");
        for (int index = 0; index < steerings.Count; index++)
        {
            (double right, double low, double high) = Interval(answers => answers[index].IsRight ? 1 : 0, seed);
            (double difference, double less, double more) = Interval(
                answers => (answers[index].IsRight ? 1 : 0) - (answers[0].IsRight ? 1 : 0),
                seed
            );
            double same = _answers.Average(answers => answers[index].Answer == answers[0].Answer ? 1.0 : 0);
            (double probability, double least, double most) = Interval(answers => answers[index].Probability, seed);
            string change = index == 0 ? "" : $"{Signed(difference)} [{Signed(less)}, {Signed(more)}]";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {steerings[index].Name} | {BiasOf(steerings[index])} | {right:0.000} [{low:0.000}, {high:0.000}] | {change} | {same:0.000} | {probability:0.000} [{least:0.000}, {most:0.000}] | {Wrong(index)} |\n"
            );
        }

        return text.ToString();
    }

    private static string BiasOf(Steering steering) =>
        steering.Bias is { } bias && double.IsNegativeInfinity(bias) ? "-∞" : steering.BiasText;

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    /// <summary>The mean of a number over the images, with the percentile interval of 95 % over resamplings of the images.</summary>
    private (double Mean, double Low, double High) Interval(Func<SteeredAnswer[], double> number, int seed)
    {
        double[] values = [.. _answers.Select(number)];
        var random = new Random(seed);
        double[] means = new double[Resamplings];
        for (int sample = 0; sample < Resamplings; sample++)
        {
            double sum = 0;
            for (int draw = 0; draw < values.Length; draw++)
            {
                sum += values[random.Next(values.Length)];
            }

            means[sample] = sum / values.Length;
        }

        Array.Sort(means);
        return (values.Average(), means[(int)(0.025 * Resamplings)], means[(int)(0.975 * Resamplings)]);
    }

    private string Wrong(int steering) =>
        string.Join(
            ", ",
            _answers
                .Select(answers => answers[steering])
                .Where(answer => !answer.IsRight)
                .GroupBy(answer => answer.Answer, StringComparer.Ordinal)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Take(Shown)
                .Select(group => $"{group.Key.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)} ({group.Count()})")
        );
}
