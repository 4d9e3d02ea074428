using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Drawing;

namespace TrainSampleLlava;

[TestClass]
public sealed class BirdExampleTests
{
    [TestMethod]
    public void OnlyVisiblePartsAreAsked()
    {
        using SampleBirdRenderer renderer = new();
        int words = BirdExample.AnswerWords.Count;
        int hidden = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            SampleBird bird = renderer.Render(seed);
            float[] answers = BirdExample.AnswersOf(bird);
            foreach (SamplePart part in bird.Parts)
            {
                ReadOnlySpan<float> expected = answers.AsSpan((int)part.Part * words, words);
                float sum = 0;
                foreach (float probability in expected)
                {
                    sum += probability;
                }

                Assert.AreEqual(part.Visible ? 1 : 0, sum);
                Assert.AreEqual(part.Visible ? 1 : 0, expected[(int)part.Color]);
                hidden += part.Visible ? 0 : 1;
            }

            float coarse = answers.Skip(BirdAnatomy.PartCount * words).Take(words).Sum();
            Assert.AreEqual(1, coarse, 1e-5f);
        }

        Assert.IsGreaterThan(0, hidden, "no part was ever hidden");
    }

    [TestMethod]
    public void TheSizeOfTheModelKeepsTheDatasetsProportions()
    {
        using SampleBirdRenderer renderer = new();
        const int size = 168;
        for (ulong seed = 0; seed < 20; seed++)
        {
            SampleBirdOptions dataset = HeldOutAccuracy.DatasetSize(seed, new SampleBirdOptions());
            BirdExample example = BirdExample.Draw(renderer, seed, 1, size);
            Assert.HasCount(size * size * 3, example.Rgb);
            int margin =
                dataset.Width > dataset.Height
                    ? (size - (dataset.Height * size + dataset.Width / 2) / dataset.Width) / 2
                    : (size - (dataset.Width * size + dataset.Height / 2) / dataset.Height) / 2;
            for (int across = 0; across < size; across++)
            {
                int pixel =
                    dataset.Width > dataset.Height ? Math.Max(0, margin - 1) * size + across : across * size + Math.Max(0, margin - 1);
                bool padding = example.Rgb.AsSpan(pixel * 3, 3).SequenceEqual<byte>([122, 116, 104]);
                Assert.IsTrue(padding || margin == 0, $"seed {seed}");
            }
        }
    }
}
