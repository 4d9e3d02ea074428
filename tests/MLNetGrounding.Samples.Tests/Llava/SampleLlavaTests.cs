using System.Text;
using System.Text.Json;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Cars;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Llava;

[TestClass]
public sealed class SampleLlavaTests
{
    private const int Birds = 40;

    [TestMethod]
    public void OpensLikeAnyCheckpointWithAFineEnoughGrid()
    {
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        Assert.IsTrue(model.HasTokenizer);
        Assert.AreEqual(new MapGrid(12, 12), model.Info.Grid);
        Assert.AreEqual("bird", model.Profile.Object);
    }

    [TestMethod]
    public void TheWeightsSayHowTheyWereMade()
    {
        using FileStream stream = File.OpenRead(Path.Combine(SampleLlava.Directory, "model.safetensors"));
        using BinaryReader reader = new(stream);
        string header = Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadInt64()));
        JsonElement metadata = JsonDocument.Parse(header).RootElement.GetProperty("__metadata__");
        Assert.IsGreaterThan(0, int.Parse(metadata.GetProperty("steps").GetString()!));
        Assert.IsGreaterThanOrEqualTo(0, int.Parse(metadata.GetProperty("seed").GetString()!));
        StringAssert.StartsWith(metadata.GetProperty("command").GetString(), "dotnet run -c Release --project examples/TrainSampleLlava");
    }

    [TestMethod]
    public void NamesTheColorsOfBirdsItHasNeverSeen()
    {
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        using SampleBirdRenderer renderer = new();
        PreparedPrompt prompt = model.Prepare(
            [.. BirdAnatomy.PartNames.Select(AttentionQuery.Fine)],
            new CaptureOptions { SuffixLogits = true }
        );
        int[] colors =
        [
            .. PartPalette.Names.Select(color =>
                model
                    .Prepare([
                        new AttentionQuery
                        {
                            Name = color,
                            Word = color,
                            Question = color,
                        },
                    ])
                    .Suffixes[0]
                    .TokenIds[0]
            ),
        ];
        int asked = 0;
        int right = 0;
        for (int index = 0; index < Birds; index++)
        {
            SampleBird bird = renderer.Render(SampleSeeds.Accuracy[index], new SampleBirdOptions { Width = 260, Height = 240 });
            AttentionCapture capture = model.Capture(new RgbImage(bird.Width, bird.Height, bird.Rgb), prompt);
            foreach (SamplePart part in bird.Parts.Where(part => part.Visible))
            {
                // The row of the word itself, which is the row that grounds.
                ReadOnlySpan<float> logits = capture.SuffixLogits[part.Index].AsSpan(0, model.Info.VocabularySize);
                int likeliest = 0;
                for (int id = 1; id < logits.Length; id++)
                {
                    likeliest = logits[id] > logits[likeliest] ? id : likeliest;
                }

                asked++;
                right += likeliest == colors[(int)part.Color] ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(0.9, right / (double)asked, $"{right} of {asked}");
    }

    [TestMethod]
    public void AnswersWhatColorPartsOfCarsHaveInAWord()
    {
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        using SampleCarRenderer renderer = new();
        PreparedPrompt prompt = model.Prepare([
            .. SampleCars.Words.Select(word => new AttentionQuery { Name = word, Question = $"What color is the {word}?" }),
        ]);
        int asked = 0;
        int right = 0;
        for (int index = 0; index < 20; index++)
        {
            DrawnCar car = renderer.Render(SampleSeeds.Accuracy[index], new SampleCarOptions { Width = 260, Height = 240 });
            ImageAnswers answers = model.Answer(new RgbImage(car.Width, car.Height, car.Rgb), prompt);
            foreach (SamplePart part in car.Parts.Where(part => part.Visible))
            {
                Answer answer = answers.Answers[part.Index];
                asked++;
                right += answer.End == AnswerEnd.EndToken && answer.Text.Trim() == part.ColorName ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(0.95, right / (double)asked, $"{right} of {asked}");
    }
}
