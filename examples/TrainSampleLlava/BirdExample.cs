using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Drawing;

namespace TrainSampleLlava;

/// <summary>An image as the model sees it, and the answers to <see cref="SampleWords.Questions"/>.</summary>
/// <param name="Rgb">Pixels, padded to the model's square, three bytes each.</param>
/// <param name="Answers">Per question the probability of each word of <see cref="AnswerWords"/>; all zero where the question is not
/// asked.</param>
internal sealed record BirdExample(byte[] Rgb, float[] Answers)
{
    // Half of the backgrounds are lighter than this.
    private const double MiddleLuminance = 175;

    /// <summary>Words that answers consist of.</summary>
    public static IReadOnlyList<string> AnswerWords { get; } =
    [.. BirdPalette.Names, SampleWords.Light, SampleWords.Dark, SampleWords.Coarse];

    /// <summary>What LLaVA 1.5 pads with: the mean color of CLIP's images.</summary>
    private static ReadOnlySpan<byte> Padding => [122, 116, 104];

    /// <summary>
    /// Draws the bird of a seed in the proportions that the sample dataset gives it, at the size at which the model sees it.
    /// </summary>
    public static BirdExample Draw(SampleBirdRenderer renderer, ulong seed, float difficulty, int size)
    {
        SampleBirdOptions drawing = HeldOutAccuracy.DatasetSize(seed, new SampleBirdOptions { Difficulty = difficulty });
        int longest = Math.Max(drawing.Width, drawing.Height);
        SampleBird bird = renderer.Render(
            seed,
            drawing with
            {
                Width = (drawing.Width * size + longest / 2) / longest,
                Height = (drawing.Height * size + longest / 2) / longest,
            }
        );
        return new BirdExample(Pad(bird, size), AnswersOf(bird));
    }

    /// <summary>The answers to a bird's questions, question by question.</summary>
    public static float[] AnswersOf(SampleBird bird)
    {
        int words = AnswerWords.Count;
        float[] answers = new float[SampleWords.Questions.Count * words];
        int visible = bird.Parts.Count(part => part.Visible);
        foreach (SamplePart part in bird.Parts.Where(part => part.Visible))
        {
            answers[(int)part.Part * words + (int)part.Color] = 1;

            // "bird" is answered with the color of any visible part. Its row therefore has to count the colors of
            // all parts, which takes the whole bird, background left out.
            answers[BirdAnatomy.PartCount * words + (int)part.Color] += 1f / visible;
        }

        answers[(BirdAnatomy.PartCount + 1) * words + WordIndex(SampleWords.Coarse)] = 1;
        answers[
            (BirdAnatomy.PartCount + 2) * words
                + WordIndex(BackgroundLuminance(bird) >= MiddleLuminance ? SampleWords.Light : SampleWords.Dark)
        ] = 1;
        return answers;
    }

    private static int WordIndex(string word) =>
        BirdPalette.Count
        + (
            word switch
            {
                SampleWords.Light => 0,
                SampleWords.Dark => 1,
                _ => 2,
            }
        );

    public static double BackgroundLuminance(SampleBird bird)
    {
        long sum = 0;
        long count = 0;
        for (int pixel = 0; pixel < bird.PartLabels.Length; pixel++)
        {
            if (bird.PartLabels[pixel] == 0)
            {
                sum += 2 * bird.Rgb[pixel * 3] + 5 * bird.Rgb[pixel * 3 + 1] + bird.Rgb[pixel * 3 + 2];
                count++;
            }
        }

        return sum / (8.0 * Math.Max(1, count));
    }

    private static byte[] Pad(SampleBird bird, int size)
    {
        byte[] square = new byte[size * size * 3];
        for (int index = 0; index < square.Length; index += 3)
        {
            Padding.CopyTo(square.AsSpan(index));
        }

        int left = (size - bird.Width) / 2;
        int top = (size - bird.Height) / 2;
        for (int row = 0; row < bird.Height; row++)
        {
            bird.Rgb.AsSpan(row * bird.Width * 3, bird.Width * 3).CopyTo(square.AsSpan(((row + top) * size + left) * 3));
        }

        return square;
    }
}
