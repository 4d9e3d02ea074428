using System.Globalization;
using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Testing;

namespace SteerAnswers;

[TestClass]
public sealed class SteerAnswersTests
{
    private const int Images = 6;

    private static readonly string[] Heads = ["--heads", "0:1,1:3"];

    [TestMethod]
    public async Task ABiasOfZeroChangesNoAnswerAndAHiddenPartIsTheModelsAnswerWithoutIt()
    {
        using SmallBirds birds = new();
        Assert.AreEqual(ExitCode.Success, await birds.RunAsync("--bias", "0", "3"), birds.Error);
        string[][] lines = [.. birds.Lines().Skip(1).Select(line => line.Split(','))];
        string[] images = [.. lines.Select(line => line[0]).Distinct()];
        Assert.HasCount(Images, images);
        foreach (string image in images)
        {
            string[][] own = [.. lines.Where(line => line[0] == image)];
            string[] plain = own.Single(line => line[2] == Steering.AsItIs);
            Assert.HasCount(4, own.Where(line => line[3] == "0").ToArray());
            foreach (string[] zero in own.Where(line => line[3] == "0"))
            {
                CollectionAssert.AreEqual(plain[4..], zero[4..], zero[2]);
            }
        }

        Assert.IsTrue(lines.Any(line => line[3] == "3" && line[6] != lines.First(other => other[0] == line[0])[6]), "nothing was steered");

        // One of them by hand.
        string[] hidden = lines.First(line => line[2] == "part's pixels black and hidden from attention");
        using var model = VisionLanguageModel.Load(birds.Model);
        SteeredPart part = SteeredParts
            .Read(new MLContext(), birds.Cub, new CubLoaderOptions { Split = CubSplit.Test })
            .Single(each => each.ImagePath == hidden[0]);
        PreparedPrompt prompt = model
            .Prepare([AttentionQuery.Fine(part.Word) with { Question = $"What color is the {part.Word}?" }])
            .WithAmplification(AttentionAmplification.Hiding(part.Box));
        RgbImage shown = ImageFile.LoadRgb(hidden[0]).Hide(part.Box);
        Assert.AreEqual(hidden[1], part.Word);
        Assert.AreEqual(model.Answer(shown, prompt, new AnswerOptions { MaximumTokens = 4 }).Answers[0].Text.Trim(), hidden[4].Trim('"'));
        Assert.AreEqual(
            model.ChoiceProbabilities(shown, prompt, part.Colors)[0].Sum(),
            double.Parse(hidden[6], CultureInfo.InvariantCulture),
            1e-5
        );
        Assert.Contains("| coarse mask | 3 |", birds.Output);
        Assert.Contains("| part hidden from attention | -∞ |", birds.Output);
        Assert.AreEqual(birds.Output, File.ReadAllText(Path.Combine(birds.Out, "table.md")));
    }

    [TestMethod]
    public async Task AnInterruptedRunGoesOnAndOtherSettingsAreRefused()
    {
        using SmallBirds birds = new();
        Assert.AreEqual(ExitCode.Success, await birds.RunAsync("--bias", "2"), birds.Error);
        string answers = string.Join('\n', birds.Lines());
        string table = birds.Output;
        File.WriteAllText(birds.Answers, answers[..(2 * answers.Length / 3)]);
        Assert.AreEqual(ExitCode.Success, await birds.RunAsync("--bias", "2"), birds.Error);
        Assert.AreEqual(table, birds.Output);
        Assert.AreEqual(answers, string.Join('\n', birds.Lines()));
        Assert.AreEqual(ExitCode.Failure, await birds.RunAsync("--bias", "3"));
        Assert.Contains("biases was '2' and is '3'", birds.Error);
        File.WriteAllText(birds.Answers, answers.Replace(Steering.CoarseMask, "coarse musk", StringComparison.Ordinal) + "\n");
        Assert.AreEqual(ExitCode.Failure, await birds.RunAsync("--bias", "2"));
        Assert.Contains("Restore the file", birds.Error);
    }

    [TestMethod]
    public async Task OneRunAtATimeWritesToAFolder()
    {
        using SmallBirds birds = new();
        using var other = FolderLock.Take(birds.Out);
        Assert.AreEqual(ExitCode.Failure, await birds.RunAsync());
        Assert.Contains("is in use", birds.Error);
    }

    [TestMethod]
    public async Task HeadsAreChosenOnOtherRows()
    {
        using SmallBirds birds = new();
        Assert.AreEqual(ExitCode.Success, await birds.RunAsync(heads: null, "--bias", "1", "--head-count", "2"), birds.Error);
        Assert.Contains("Choosing heads on 50 other images", birds.Error);
        Assert.Contains("Heads chosen: layer ", birds.Output);
        Assert.AreEqual(
            ExitCode.Failure,
            await birds.RunAsync(heads: null, "--bias", "1", "--head-count", "2", "--split", "all", "--out", birds.Out + "2")
        );
        Assert.Contains("training rows", birds.Error);
    }

    [TestMethod]
    public async Task WithoutImageAttributesThereIsNoRightAnswer()
    {
        using SmallBirds birds = new();
        File.Delete(Path.Combine(birds.Cub, "attributes", "image_attribute_labels.txt"));
        Assert.AreEqual(ExitCode.Failure, await birds.RunAsync());
        Assert.Contains("image_attribute_labels.txt", birds.Error);
    }

    [TestMethod]
    [DataRow("--heads must be layers and heads", "--heads", "2-3")]
    [DataRow("--question must hold", "--question", "What?")]
    [DataRow("Give either", "--heads", "0:1", "--head-count", "2")]
    public async Task WrongArgumentsAreNamed(string problem, params string[] arguments)
    {
        using SmallBirds birds = new();
        Assert.AreEqual(ExitCode.WrongArguments, await birds.RunAsync(heads: null, arguments));
        Assert.Contains(problem, birds.Error);
    }

    [TestMethod]
    public void BoxesAreThoseOfLabeledPixelsOrAroundKeyPoints()
    {
        using SmallBirds birds = new();
        MLContext context = new();
        CubRow row = context
            .Data.CreateEnumerable<CubRow>(context.Data.LoadCub(birds.Cub), reuseRowObject: false, ignoreMissingColumns: true)
            .First(each => each.KeyPointVisible[13] > 0);
        (double x, double y) = (row.KeyPoints[26], row.KeyPoints[27]);
        foreach (bool labeled in (bool[])[true, false])
        {
            if (!labeled)
            {
                File.Delete(Path.Combine(birds.Cub, "part_masks", "parts.txt"));
            }

            PartBoxes boxes = new(birds.Cub);
            Assert.AreEqual(labeled, boxes.HasMasks);
            ImageBox box = boxes.Of(row, "tail")!.Value;
            Assert.IsTrue(x >= box.X && x <= box.X + box.Width && y >= box.Y && y <= box.Y + box.Height, $"{box}, {x}, {y}");
            Assert.IsLessThan(Math.Max(row.BoundingBox[2], row.BoundingBox[3]), box.Width);
        }
    }

    [TestMethod]
    public void ABoxElsewhereHasTheSameSizeAndDoesNotMeetThePart()
    {
        RgbImage image = new(100, 80, new byte[100 * 80 * 3]);
        ImageBox part = new(30, 20, 25, 30);
        for (int seed = 0; seed < 50; seed++)
        {
            ImageBox box = Steering.Elsewhere(image, part, seed);
            Assert.AreEqual((part.Width, part.Height), (box.Width, box.Height));
            Assert.IsTrue(box.X >= 0 && box.Y >= 0 && box.X + box.Width <= 100 && box.Y + box.Height <= 80);
            Assert.IsTrue(box.X >= 55 || box.X + 25 <= 30 || box.Y >= 50 || box.Y + 30 <= 20, $"{box}");
            Assert.AreEqual(box, Steering.Elsewhere(image, part, seed));
        }
    }

    /// <summary>Twelve small sample birds, half of them for training, and a tiny random model.</summary>
    private sealed class SmallBirds : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public SmallBirds()
        {
            SampleBirds.Write(
                Cub,
                new SampleBirdsOptions
                {
                    Count = 2 * Images,
                    MinimumSize = 64,
                    MaximumSize = 96,
                    Coloring = SampleColoring.Independent,
                }
            );
            RandomLlava.Write(Model, seed: 7, layers: 2, heads: 4, grid: 6);
        }

        public string Cub => Path.Combine(_folder.Path, "birds");

        public string Model => Path.Combine(_folder.Path, "model");

        public string Out => Path.Combine(_folder.Path, "out");

        public string Answers => Path.Combine(Out, "answers.csv");

        public string Output { get; private set; } = "";

        public string Error { get; private set; } = "";

        public string[] Lines() => File.ReadAllLines(Answers);

        public Task<int> RunAsync(params string[] arguments) => RunAsync(Heads, arguments);

        public async Task<int> RunAsync(string[]? heads, params string[] arguments)
        {
            using StringWriter output = new();
            using StringWriter error = new();
            (string Name, string Value)[] defaults = [("--model", Model), ("--cub", Cub), ("--out", Out)];
            int exitCode = await SteerAnswersCommand.RunAsync(
                [
                    .. arguments,
                    .. heads ?? [],
                    .. defaults
                        .Where(option => !arguments.Contains(option.Name))
                        .SelectMany(option => (string[])[option.Name, option.Value]),
                ],
                output,
                error
            );
            (Output, Error) = (output.ToString(), error.ToString());
            return exitCode;
        }

        public void Dispose() => _folder.Dispose();
    }
}
