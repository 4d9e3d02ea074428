using System.Globalization;
using System.Text;

namespace TrainSampleLlava;

/// <summary>Counts right answers per question: after the word and after <c>ASSISTANT:</c>.</summary>
internal sealed class AnswerScores
{
    private readonly long[] _right = new long[SampleWords.Questions.Count * PackedQuestions.Forms];
    private readonly long[] _asked = new long[SampleWords.Questions.Count * PackedQuestions.Forms];

    /// <summary>Adds the answers to one image: a word is right where it is the likeliest of the expected words.</summary>
    /// <param name="said">Token ids, <c>[questions * forms]</c>.</param>
    /// <param name="expected">Probabilities, <c>[questions, answerWords]</c>.</param>
    public void Add(ReadOnlySpan<long> said, ReadOnlySpan<float> expected)
    {
        int words = BirdExample.AnswerWords.Count;
        for (int question = 0; question < SampleWords.Questions.Count; question++)
        {
            ReadOnlySpan<float> answers = expected.Slice(question * words, words);
            float best = 0;
            foreach (float probability in answers)
            {
                best = Math.Max(best, probability);
            }

            if (best == 0)
            {
                continue;
            }

            for (int form = 0; form < PackedQuestions.Forms; form++)
            {
                int at = question * PackedQuestions.Forms + form;
                _asked[at]++;
                for (int word = 0; word < words; word++)
                {
                    if (answers[word] == best && AnswerIds[word] == said[at])
                    {
                        _right[at]++;
                    }
                }
            }
        }
    }

    public static IReadOnlyList<long> AnswerIds { get; } = [.. BirdExample.AnswerWords.Select(word => (long)SampleWords.Id(word))];

    public long Asked(int question) => _asked[question * PackedQuestions.Forms];

    public double Accuracy(int question, int form) =>
        _right[question * PackedQuestions.Forms + form] / (double)Math.Max(1, _asked[question * PackedQuestions.Forms + form]);

    /// <summary>Right answers to the ten parts, of all that were asked.</summary>
    public double PartAccuracy() =>
        _right.Take(10 * PackedQuestions.Forms).Sum() / (double)Math.Max(1, _asked.Take(10 * PackedQuestions.Forms).Sum());

    /// <summary>Right answers of one form to the ten parts, of all that were asked.</summary>
    public double PartAccuracy(int form)
    {
        int[] places = [.. Enumerable.Range(0, 10).Select(question => question * PackedQuestions.Forms + form)];
        return places.Sum(place => _right[place]) / (double)Math.Max(1, places.Sum(place => _asked[place]));
    }

    /// <summary>A table in Markdown.</summary>
    public string ToTable()
    {
        StringBuilder table = new();
        table.AppendLine("| question | asked | right after the word | right after `ASSISTANT:` |").AppendLine("|---|---|---|---|");
        for (int question = 0; question < SampleWords.Questions.Count; question++)
        {
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {SampleWords.Questions[question]} | {Asked(question)} | {Accuracy(question, 0):0.000} | {Accuracy(question, 1):0.000} |"
            );
        }

        return table.ToString();
    }

    public override string ToString() =>
        string.Join(
            ' ',
            SampleWords.Questions.Select(
                (word, question) =>
                    string.Create(CultureInfo.InvariantCulture, $"{word} {Accuracy(question, 0):.00}/{Accuracy(question, 1):.00}")
            )
        );
}
