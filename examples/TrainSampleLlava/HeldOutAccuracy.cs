using MLNetGrounding;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;
using MLNetGrounding.Samples.Seeds;

namespace TrainSampleLlava;

/// <summary>
/// Asks a checkpoint about figures that it has never seen, as an application would: through <see cref="VisionLanguageModel"/>, at the
/// dataset's sizes.
/// </summary>
internal static class HeldOutAccuracy
{
    // Enough for an answer of one word and its end; what goes on longer is wrong.
    private const int MaximumTokens = 4;

    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="subject">What is drawn.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="count">How many.</param>
    /// <param name="difficulty">How difficult.</param>
    /// <param name="amplification">Amplifies attention inside the model.</param>
    /// <param name="questions">Whether the questions about colors are answered too: right is one right word and the end.</param>
    /// <param name="look">Sees every capture.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public static AnswerScores Measure(
        string directory,
        Subject subject,
        SampleSeedRange seeds,
        int count,
        float difficulty = 1,
        AttentionAmplification? amplification = null,
        bool questions = true,
        Action<AttentionCapture>? look = null,
        CancellationToken cancellationToken = default
    )
    {
        using var model = VisionLanguageModel.Load(directory);
        using SubjectDrawer drawer = new();
        PreparedPrompt words = model.Prepare(
            [.. subject.Words.Select(word => Query(subject, word))],
            new CaptureOptions
            {
                SuffixLogits = true,
                Flow = null,
                Amplification = amplification,
            }
        );
        PreparedPrompt asked = model.Prepare([.. subject.Questioned.Select(Question)]);
        AnswerScores scores = new();
        for (int index = 0; index < count; index++)
        {
            (int width, int height) = DatasetSize(seeds[index]);
            SampleFigure figure = drawer.Draw(subject, seeds[index], width, height, difficulty);
            RgbImage image = new(figure.Width, figure.Height, figure.Rgb);
            AttentionCapture capture = model.Capture(image, words, cancellationToken);
            look?.Invoke(capture);
            long[] said = new long[PackedQuestions.Rows.Count];
            Array.Fill(said, AnswerScores.NotMeasured);
            for (int word = 0; word < subject.Words.Count; word++)
            {
                long[] rows = [.. capture.SuffixLogits[word].Chunk(model.Info.VocabularySize).Select(Likeliest)];
                said[PackedQuestions.RowOf(word, AnswerForm.Word)] = rows[0];
                said[PackedQuestions.RowOf(word, AnswerForm.Prompt)] = rows[1];
            }

            if (questions)
            {
                ImageAnswers answers = model.Answer(image, asked, new AnswerOptions { MaximumTokens = MaximumTokens }, cancellationToken);
                for (int word = 0; word < subject.Questioned.Count; word++)
                {
                    said[PackedQuestions.RowOf(word, AnswerForm.Question)] = WholeAnswer(answers.Answers[word]) ?? -1;
                }
            }

            scores.Add(subject, said, SubjectExample.Of(subject, figure, Math.Max(width, height)).Expected);
        }

        return scores;
    }

    /// <summary>The size that the sample dataset gives the image of a seed.</summary>
    public static (int Width, int Height) DatasetSize(ulong seed)
    {
        SampleBirdsOptions dataset = new();
        SampleRandom random = new(seed, SampleBirdRenderer.SizeStream);
        int sizes = dataset.MaximumSize - dataset.MinimumSize + 1;
        return (dataset.MinimumSize + random.NextInt(sizes), dataset.MinimumSize + random.NextInt(sizes));
    }

    /// <summary>The question about a word's color.</summary>
    public static AttentionQuery Question(string word) =>
        new()
        {
            Name = word,
            Word = word,
            Question = SampleWords.ColorQuestion.Replace(GroundingProfile.WordPlaceholder, word, StringComparison.Ordinal),
        };

    /// <summary>The token of an answer of one token that ended, else <see langword="null"/>.</summary>
    public static long? WholeAnswer(Answer answer) =>
        answer.Tokens.Count == 1 && answer.End == AnswerEnd.EndToken ? answer.Tokens[0].Id : null;

    private static AttentionQuery Query(Subject subject, string word) =>
        new()
        {
            Name = word,
            Word = word,
            Role =
                word == subject.Word ? QueryRole.Coarse
                : word == SampleWords.Neutral ? QueryRole.Neutral
                : word == SampleWords.Background ? QueryRole.Background
                : QueryRole.Fine,
        };

    private static long Likeliest(float[] logits) => Array.IndexOf(logits, logits.Max());
}
