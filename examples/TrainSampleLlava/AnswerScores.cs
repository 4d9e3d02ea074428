using System.Globalization;
using System.Text;

namespace TrainSampleLlava;

/// <summary>Counts right predictions per subject and row of <see cref="PackedQuestions.Rows"/>.</summary>
internal sealed class AnswerScores
{
    /// <summary>What <see cref="Add"/> takes for a row that was not measured.</summary>
    public const long NotMeasured = -2;

    private static readonly int Rows = PackedQuestions.Rows.Count;

    private readonly long[] _right = new long[Subject.All.Count * Rows];
    private readonly long[] _asked = new long[Subject.All.Count * Rows];

    /// <summary>Adds the answers to one image: a token is right where it is the likeliest of the expected ones.</summary>
    /// <param name="subject">What the image shows.</param>
    /// <param name="said">Token ids, <c>[rows]</c>.</param>
    /// <param name="expected">Probabilities, <c>[rows, answers]</c>.</param>
    public void Add(Subject subject, ReadOnlySpan<long> said, ReadOnlySpan<float> expected)
    {
        int tokens = SubjectExample.AnswerIds.Count;
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> answers = expected.Slice(row * tokens, tokens);
            float best = 0;
            foreach (float probability in answers)
            {
                best = Math.Max(best, probability);
            }

            if (best == 0 || said[row] == NotMeasured)
            {
                continue;
            }

            int at = (subject.Index * Rows) + row;
            _asked[at]++;
            for (int token = 0; token < tokens; token++)
            {
                if (answers[token] == best && SubjectExample.AnswerIds[token] == said[row])
                {
                    _right[at]++;
                }
            }
        }
    }

    /// <summary>How often a word was asked.</summary>
    public long Asked(Subject subject, int word, AnswerForm form) => _asked[At(subject, word, form)];

    /// <summary>The share of right answers to a word, or NaN where it was not asked.</summary>
    public double Accuracy(Subject subject, int word, AnswerForm form) =>
        _right[At(subject, word, form)] / (double)_asked[At(subject, word, form)];

    /// <summary>Right answers to the parts, of all that were asked in a form.</summary>
    public double PartAccuracy(Subject subject, AnswerForm form)
    {
        int[] places = [.. Enumerable.Range(0, Subject.PartCount).Select(word => At(subject, word, form))];
        return places.Sum(place => _right[place]) / (double)Math.Max(1, places.Sum(place => _asked[place]));
    }

    /// <summary>A table in Markdown of a subject's words.</summary>
    public string ToTable(Subject subject)
    {
        StringBuilder table = new();
        table
            .AppendLine("| question | asked | right after the word | right after `ASSISTANT:` | \"What color is the …?\" answered right |")
            .AppendLine("|---|---|---|---|---|");
        for (int word = 0; word < subject.Words.Count; word++)
        {
            string question = word < subject.Questioned.Count ? Text(Accuracy(subject, word, AnswerForm.Question)) : "";
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {subject.Words[word]} | {Asked(subject, word, AnswerForm.Word)} | {Text(Accuracy(subject, word, AnswerForm.Word))} | {Text(Accuracy(subject, word, AnswerForm.Prompt))} | {question} |"
            );
        }

        return table.ToString();

        static string Text(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);
    }

    public override string ToString() =>
        string.Join(
            "  ",
            Subject.All.Select(subject =>
                subject.Plural
                + " "
                + string.Join(
                    ' ',
                    subject.Words.Select(
                        (name, word) =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{name} {Accuracy(subject, word, AnswerForm.Word):.00}/{(word < subject.Questioned.Count ? Accuracy(subject, word, AnswerForm.Question) : double.NaN):.00}"
                            )
                    )
                )
            )
        );

    private static int At(Subject subject, int word, AnswerForm form) => (subject.Index * Rows) + PackedQuestions.RowOf(word, form);
}
