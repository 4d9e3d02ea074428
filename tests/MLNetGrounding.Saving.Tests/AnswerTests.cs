using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Answers;

namespace MLNetGrounding.Saving;

/// <summary>Saved answering: questions, choices and how tokens are chosen are in the model, logits processors cannot be.</summary>
[TestClass]
public sealed class AnswerTests : IDisposable
{
    private static readonly string[] Outputs =
    [
        "AnswerTokenIds",
        "AnswerLogProbabilities",
        "AnswerMaps",
        "AnswerBoxes",
        "AnswerBoxMaps",
        "ChoiceProbabilities",
        "Geometry",
    ];

    private readonly MLContext _ml = new(seed: 1);
    private readonly SavedModelFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void AnswersAreTheSameElsewhere()
    {
        foreach (GroundingMethod? method in new GroundingMethod?[] { null, GroundingMethods.Paper })
        {
            using SavedModelFiles files = new();
            QuestionAnswererOptions options = Options();
            options.MapMethod = method;
            options.Capture = options.Capture with
            {
                Amplification = method is null
                    ? AttentionAmplification.Hiding(new ImageBox(3, 2.5, 9, 8)) with
                    {
                        Heads = [new AttentionHead(1, 2), new AttentionHead(3, 0)],
                    }
                    : new AttentionAmplification { Bias = 0.5 },
            };
            IDataView paths = _ml.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = files.Write("image.png", Image()) } });
            using TransformerChain<QuestionAnswererTransformer> model = _ml
                .Transforms.LoadGroundingImages()
                .Append(_ml.Transforms.AnswerQuestions(options))
                .Fit(paths);
            files.AssertEqualElsewhere(model, paths, Outputs);
            Assert.AreEqual("temperature 0.8, top-p 0.9, seed 4", model.LastTransformer.Decoding);
            using var loaded = (TransformerChain<ITransformer>)_ml.Model.Load(files.Model, out _);
            CollectionAssert.AreEqual(Texts(model.Transform(paths)), Texts(loaded.Transform(paths)));
            Assert.AreEqual(model.LastTransformer.Decoding, ((QuestionAnswererTransformer)loaded.LastTransformer).Decoding);
        }
    }

    [TestMethod]
    public void EverySettingOfAnswersIsSaved()
    {
        // Processors are code, what else is seen of an answer follows from the columns.
        string[] apart = ["Processors", "Observers", "Maps", "ActivationMaps"];
        AnswerOptions plain = new();
        AnswerOptions other = new()
        {
            MaximumTokens = 7,
            Sampling = new AnswerSampling
            {
                Temperature = 0.5,
                TopP = 0.25,
                TopK = 3,
                RepetitionPenalty = 2,
            },
            UseCheckpointSampling = true,
            Seed = ulong.MaxValue,
            StopTokenIds = [3, 4],
            SkipSpecialTokens = false,
            Row = AnswerRow.Token,
        };
        string saved = Saved(other);
        Assert.AreEqual(saved, Saved(JsonSerializer.Deserialize<SavedAnswering>(saved)!.ToOptions()), "what is read is what was written");
        foreach (PropertyInfo setting in typeof(AnswerOptions).GetProperties().Where(property => !apart.Contains(property.Name)))
        {
            Assert.AreNotEqual(setting.GetValue(plain), setting.GetValue(other), $"{setting.Name} is another");
            AnswerOptions all = other with { };
            setting.SetValue(all, setting.GetValue(plain));
            Assert.AreNotEqual(saved, Saved(all), $"{setting.Name} is not saved");
        }

        static string Saved(AnswerOptions options) => JsonSerializer.Serialize(SavedAnswering.Of("component", options));
    }

    [TestMethod]
    public void ProcessorsCannotBeSaved()
    {
        QuestionAnswererOptions options = Options();
        options.Answering = options.Answering with { Processors = [new BarredTokens([1])] };
        IDataView paths = _ml.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = _files.Write("image.png", Image()) } });
        using TransformerChain<QuestionAnswererTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.AnswerQuestions(options))
            .Fit(paths);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => _files.Save(model, paths)).Message, nameof(BarredTokens));
    }

    private static QuestionAnswererOptions Options() =>
        new()
        {
            ModelDirectory = SampleLlava.Directory,
            Words = ["beak", "wing"],
            Question = "{word}",
            Capture = new CaptureOptions
            {
                Profile = new GroundingProfile
                {
                    Object = "bird",
                    ObjectQuestion = "{word}",
                    BoxUnits = BoxUnits.Thousandths,
                },
            },
            Answering = new AnswerOptions
            {
                MaximumTokens = 3,
                Sampling = new AnswerSampling { Temperature = 0.8, TopP = 0.9 },
                Seed = 4,
                Row = AnswerRow.Token,
            },
            AnswerMapsColumnName = "AnswerMaps",
            AnswerBoxesColumnName = "AnswerBoxes",
            AnswerBoxMapsColumnName = "AnswerBoxMaps",
            Choices = ["red", "blue"],
        };

    private static byte[] Image()
    {
        byte[] pixels =
        [
            .. Enumerable.Range(0, 40 * 30).SelectMany(pixel => new byte[] { (byte)(pixel % 256), (byte)(pixel / 40 * 8), 90, 255 }),
        ];
        using var image = MLImage.CreateFromPixels(40, 30, MLPixelFormat.Bgra32, pixels);
        string path = Path.GetTempFileName() + ".png";
        image.Save(path);
        byte[] content = File.ReadAllBytes(path);
        File.Delete(path);
        return content;
    }

    private static string[] Texts(IDataView data) =>
        [
            .. data.GetColumn<VBuffer<ReadOnlyMemory<char>>>("Answer")
                .SelectMany(buffer => buffer.DenseValues().Select(text => text.ToString())),
        ];

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
