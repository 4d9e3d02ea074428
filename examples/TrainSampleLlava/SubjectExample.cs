using MLNetGrounding.Samples.Figures;

namespace TrainSampleLlava;

/// <summary>An image as the model sees it, its suffix, and what the suffix's rows are to predict.</summary>
/// <param name="Subject">What it shows.</param>
/// <param name="Rgb">Pixels, padded to the model's square, three bytes each.</param>
/// <param name="SuffixIds">The packed questions.</param>
/// <param name="Expected">Per row of <see cref="PackedQuestions.Rows"/> the probability of each of <see cref="AnswerIds"/>; all zero where
/// the question is not asked.</param>
internal sealed record SubjectExample(Subject Subject, byte[] Rgb, long[] SuffixIds, float[] Expected)
{
    // Half of the birds' backgrounds are lighter than this.
    private const double MiddleLuminance = 175;

    /// <summary>The tokens that rows predict: the words of answers, and the end.</summary>
    public static IReadOnlyList<long> AnswerIds { get; } =
    [.. SampleWords.Answers.Select(word => (long)SampleWords.Id(word)), SampleWords.EndOfSequence];

    private static int End => SampleWords.Answers.Count;

    /// <summary>What LLaVA 1.5 pads with: the mean color of CLIP's images.</summary>
    private static ReadOnlySpan<byte> Padding => [122, 116, 104];

    /// <summary>
    /// Draws the figure of a seed in the proportions that the sample dataset gives it, at the size at which the model sees it.
    /// </summary>
    public static SubjectExample Draw(SubjectDrawer drawer, Subject subject, ulong seed, float difficulty, int size)
    {
        (int width, int height) = HeldOutAccuracy.DatasetSize(seed);
        int longest = Math.Max(width, height);
        SampleFigure figure = drawer.Draw(
            subject,
            seed,
            ((width * size) + (longest / 2)) / longest,
            ((height * size) + (longest / 2)) / longest,
            difficulty
        );
        return Of(subject, figure, size);
    }

    /// <summary>The example of a figure that is drawn.</summary>
    public static SubjectExample Of(Subject subject, SampleFigure figure, int size)
    {
        float[][] words = [.. subject.Words.Select((_, word) => AnswersAlone(figure, word))];
        float[][] questions = [.. subject.Questioned.Select((_, word) => AnswersToQuestion(figure, word))];
        long[] said = [.. words.Concat(questions).Select(answers => AnswerIds[OneOf(answers, figure.Seed)])];
        float[] expected = new float[PackedQuestions.Rows.Count * AnswerIds.Count];
        for (int row = 0; row < PackedQuestions.Rows.Count; row++)
        {
            AskedRow asked = PackedQuestions.Rows[row];
            float[] answers = asked.Form >= AnswerForm.QuestionWord ? questions[asked.Word] : words[asked.Word];
            Span<float> target = expected.AsSpan(row * AnswerIds.Count, AnswerIds.Count);
            if (!asked.IsEnd)
            {
                answers.CopyTo(target);
            }
            else if (answers.Any(probability => probability > 0))
            {
                target[End] = 1;
            }
        }

        return new SubjectExample(subject, Pad(figure, size), PackedQuestions.SuffixIds(subject, said), expected);
    }

    /// <summary>The answer to a word asked alone, the probability of each of <see cref="AnswerIds"/>.</summary>
    public static float[] AnswersAlone(SampleFigure figure, int word)
    {
        float[] answers = new float[AnswerIds.Count];
        if (word < Subject.PartCount)
        {
            if (figure.Parts[word].Visible)
            {
                answers[(int)figure.Parts[word].Color] = 1;
            }
        }
        else if (word == Subject.PartCount)
        {
            // The whole is answered with the color of any visible part. Its row therefore has to count the colors of all parts, which
            // takes the whole figure, background left out.
            int visible = figure.Parts.Count(part => part.Visible);
            foreach (SamplePart part in figure.Parts.Where(part => part.Visible))
            {
                answers[(int)part.Color] += 1f / visible;
            }
        }
        else
        {
            string answer =
                word == Subject.PartCount + 1 ? SampleWords.Drawing
                : BackgroundLuminance(figure) >= MiddleLuminance ? SampleWords.Light
                : SampleWords.Dark;
            answers[SampleWords.Answers.Index().First(each => each.Item == answer).Index] = 1;
        }

        return answers;
    }

    /// <summary>
    /// The answer to the question about a word's color: a visible part's, and of the whole the color of most of its pixels.
    /// </summary>
    public static float[] AnswersToQuestion(SampleFigure figure, int word)
    {
        if (word < Subject.PartCount)
        {
            return AnswersAlone(figure, word);
        }

        float[] answers = new float[AnswerIds.Count];
        if (figure.Parts.Any(part => part.Visible))
        {
            answers[(int)figure.Parts.GroupBy(part => part.Color).MaxBy(group => group.Sum(part => part.VisiblePixels))!.Key] = 1;
        }

        return answers;
    }

    public static double BackgroundLuminance(SampleFigure figure)
    {
        long sum = 0;
        long count = 0;
        for (int pixel = 0; pixel < figure.PartLabels.Length; pixel++)
        {
            if (figure.PartLabels[pixel] == 0)
            {
                sum += (2 * figure.Rgb[pixel * 3]) + (5 * figure.Rgb[(pixel * 3) + 1]) + figure.Rgb[(pixel * 3) + 2];
                count++;
            }
        }

        return sum / (8.0 * Math.Max(1, count));
    }

    /// <summary>The answer that is said where the end is asked: of several equally right ones that which the seed chooses.</summary>
    private static int OneOf(float[] answers, ulong seed)
    {
        int[] right = [.. Enumerable.Range(0, answers.Length).Where(answer => answers[answer] > 0)];
        return right.Length == 0 ? 0 : right[(int)(seed % (ulong)right.Length)];
    }

    private static byte[] Pad(SampleFigure figure, int size)
    {
        byte[] square = new byte[size * size * 3];
        for (int index = 0; index < square.Length; index += 3)
        {
            Padding.CopyTo(square.AsSpan(index));
        }

        int left = (size - figure.Width) / 2;
        int top = (size - figure.Height) / 2;
        for (int row = 0; row < figure.Height; row++)
        {
            figure.Rgb.AsSpan(row * figure.Width * 3, figure.Width * 3).CopyTo(square.AsSpan((((row + top) * size) + left) * 3));
        }

        return square;
    }
}
