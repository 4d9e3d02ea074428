using MLNetGrounding;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Seeds;

namespace TrainSampleLlava;

/// <summary>
/// Asks a checkpoint about birds that it has never seen, as an application would: through <see cref="VisionLanguageModel"/>, at the
/// dataset's sizes.
/// </summary>
internal static class HeldOutAccuracy
{
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="seeds">The birds.</param>
    /// <param name="count">How many.</param>
    /// <param name="drawing">How they are drawn.</param>
    /// <param name="amplification">Amplifies attention inside the model.</param>
    /// <param name="look">Sees every capture.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public static AnswerScores Measure(
        string directory,
        SampleSeedRange seeds,
        int count,
        SampleBirdOptions? drawing = null,
        AttentionAmplification? amplification = null,
        Action<AttentionCapture>? look = null,
        CancellationToken cancellationToken = default
    )
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(directory);
        using SampleBirdRenderer renderer = new();
        PreparedPrompt prompt = model.Prepare(
            [.. SampleWords.Questions.Select(Query)],
            new CaptureOptions
            {
                SuffixLogits = true,
                Flow = null,
                Amplification = amplification,
            }
        );
        AnswerScores scores = new();
        for (int index = 0; index < count; index++)
        {
            SampleBird bird = renderer.Render(seeds[index], DatasetSize(seeds[index], drawing ?? new SampleBirdOptions()));
            AttentionCapture capture = model.Capture(new RgbImage(bird.Width, bird.Height, bird.Rgb), prompt, cancellationToken);
            look?.Invoke(capture);
            long[] said = [.. capture.SuffixLogits.SelectMany(logits => logits.Chunk(model.Info.VocabularySize).Select(Likeliest))];
            scores.Add(said, BirdExample.AnswersOf(bird));
        }

        return scores;
    }

    /// <summary>The size that <see cref="SampleBirds"/> gives the image of a seed.</summary>
    public static SampleBirdOptions DatasetSize(ulong seed, SampleBirdOptions drawing)
    {
        SampleBirdsOptions dataset = new();
        SampleRandom random = new(seed, SampleBirdRenderer.SizeStream);
        int sizes = dataset.MaximumSize - dataset.MinimumSize + 1;
        return drawing with { Width = dataset.MinimumSize + random.NextInt(sizes), Height = dataset.MinimumSize + random.NextInt(sizes) };
    }

    private static AttentionQuery Query(string word) =>
        new()
        {
            Name = word,
            Word = word,
            Role = word switch
            {
                SampleWords.Coarse => QueryRole.Coarse,
                SampleWords.Neutral => QueryRole.Neutral,
                SampleWords.Background => QueryRole.Background,
                _ => QueryRole.Fine,
            },
        };

    private static long Likeliest(float[] logits) => Array.IndexOf(logits, logits.Max());
}
