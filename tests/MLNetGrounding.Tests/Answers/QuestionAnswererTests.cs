using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Answers;

/// <summary>Answers of the sample model, which names the color of a part right after its word, and of random ones.</summary>
[TestClass]
public sealed class QuestionAnswererTests
{
    private const int Birds = 24;
    private static readonly string[] Words = ["beak", "wing", "tail"];

    // Nothing stands between the word and its color, as the model was trained.
    private static readonly GroundingProfile Bare = new()
    {
        Template = "USER:<image>{question}",
        Question = "{word}",
        Object = "bird",
        ObjectQuestion = "{word}",
    };

    private static readonly Lazy<(MLImage[] Images, SampleBird[] Drawn)> Drawing = new(Draw);

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        QuestionAnswererOptions options = new();
        Assert.AreEqual("Answer", options.AnswerColumnName);
        Assert.AreEqual("AnswerTokenIds", options.AnswerTokenIdsColumnName);
        Assert.AreEqual("AnswerLogProbabilities", options.AnswerLogProbabilitiesColumnName);
        Assert.AreEqual("ChoiceProbabilities", options.ChoiceProbabilitiesColumnName);
        Assert.IsNull(options.AnswerMapsColumnName);
        Assert.IsNull(options.AnswerBoxesColumnName);
        Assert.IsNull(options.AnswerBoxMapsColumnName);
        Assert.AreEqual("AnswerTokens", options.AnswerTokensColumnName);
        Assert.IsNull(options.MapMethod);
        Assert.IsNull(options.Question);
        Assert.IsEmpty(options.Choices);
        Assert.AreEqual(32, options.Answering.MaximumTokens);
    }

    [TestMethod]
    public void TheSampleModelAnswersWithTheColorAndItsChoicesAgree()
    {
        QuestionAnswererOptions options = Options();
        options.Choices = PartPalette.Names;
        using QuestionAnswererTransformer answerer = ML.Transforms.AnswerQuestions(options).Fit(Rows());
        IDataView data = ML.Data.Cache(answerer.Transform(Rows()), "Answer", "AnswerLogProbabilities", "ChoiceProbabilities");
        Assert.AreEqual("greedy", answerer.Decoding);
        string[][] answers = Texts(data);
        float[][] logProbabilities = data.Vectors("AnswerLogProbabilities");
        float[][] choices = data.Vectors("ChoiceProbabilities");
        CollectionAssert.AreEqual(new[] { Words.Length, PartPalette.Names.Count }, data.Schema.Dimensions("ChoiceProbabilities"));
        CollectionAssert.AreEqual(Words, data.Schema["Answer"].GetQueryNames().ToArray());
        int asked = 0;
        int right = 0;
        for (int bird = 0; bird < Birds; bird++)
        {
            for (int word = 0; word < Words.Length; word++)
            {
                SamplePart part = Drawing.Value.Drawn[bird].Parts.Single(each => each.Name == Words[word]);
                string color = PartPalette.Names[(int)part.Color];
                if (part.Visible)
                {
                    asked++;
                    right += answers[bird][word] == color ? 1 : 0;
                }

                // The most probable choice is the answer, with the answer's own probability.
                float[] own = choices[bird][(word * PartPalette.Names.Count)..((word + 1) * PartPalette.Names.Count)];
                int likeliest = Array.IndexOf(own, own.Max());
                Assert.AreEqual(answers[bird][word], PartPalette.Names[likeliest]);
                Assert.AreEqual(Math.Exp(logProbabilities[bird][word]), own[likeliest], 1e-4);
            }
        }

        Assert.IsGreaterThan(0.85, right / (double)asked, $"{right} of {asked}");
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void MapsAreThoseOfTheRowsThatExtractionReads()
    {
        // The first token is predicted from the word's own row, since nothing stands behind the word.
        QuestionAnswererOptions options = Options();
        options.AnswerMapsColumnName = "Maps";
        options.Answering = new AnswerOptions { MaximumTokens = 2 };
        IDataView data = Fit(options, Rows(2));
        CollectionAssert.AreEqual(new[] { Words.Length, 2, 12, 12 }, data.Schema.Dimensions("Maps"));
        float[][] expected = Grounded(GroundingMethods.AllHeadsMean);
        foreach (
            GroundingMethod? method in new GroundingMethod?[]
            {
                null,
                GroundingMethods.AllHeadsMean,
                GroundingMethods.AbnarRollout,
                GroundingMethods.Paper,
            }
        )
        {
            options.MapMethod = method;
            IDataView answered = Fit(options, Rows(2));
            float[][] maps = answered.Vectors("Maps");
            float[][] ids = answered.Vectors("AnswerTokenIds");
            expected = method is null ? expected : Grounded(method);
            for (int image = 0; image < 2; image++)
            {
                for (int word = 0; word < Words.Length; word++)
                {
                    AssertClose(
                        expected[image][(word * 144)..((word + 1) * 144)],
                        maps[image][(word * 288)..((word * 288) + 144)],
                        $"{method?.Name}, {Words[word]}"
                    );
                    Assert.AreEqual(
                        ids[image][(word * 2) + 1] >= 0,
                        maps[image][((word * 288) + 144)..((word + 1) * 288)].All(float.IsFinite),
                        "the second token's map, where there is one"
                    );
                }
            }
        }

        float[][] Grounded(GroundingMethod method) =>
            ML
                .Transforms.GroundByMethods(
                    new MethodGrounderOptions
                    {
                        ModelDirectory = SampleLlava.Directory,
                        Words = Words,
                        Methods = [method],
                        Capture = new CaptureOptions(),
                    }
                )
                .Fit(Rows(2))
                .Transform(Rows(2))
                .Vectors($"GroundingMaps.{method.Name}");
    }

    [TestMethod]
    public void BeyondAnAnswersEndStandMinusOneAndNaN()
    {
        using TemporaryFolder folder = new();
        RandomCheckpoint.Write(folder.Path, Shape, seed: 3);
        QuestionAnswererOptions options = Random(folder.Path);
        IDataView whole = Fit(options, Rows(1));
        int[] ids = [.. whole.Vectors("AnswerTokenIds")[0].Select(id => (int)id)];
        int stop = ids.First(id => id != ids[0]);
        int end = Array.IndexOf(ids, stop);
        options.Answering = options.Answering with { StopTokenIds = [stop] };
        options.AnswerMapsColumnName = "Maps";
        IDataView cut = Fit(options, Rows(1));
        float[] cutIds = cut.Vectors("AnswerTokenIds")[0][..4];
        float[] logarithms = cut.Vectors("AnswerLogProbabilities")[0][..4];
        float[] maps = cut.Vectors("Maps")[0];
        for (int token = 0; token < 4; token++)
        {
            Assert.AreEqual(token < end ? ids[token] : -1, cutIds[token]);
            Assert.AreEqual(token < end, float.IsFinite(logarithms[token]));
            Assert.AreEqual(token < end, float.IsFinite(maps[token * Shape.VisualTokens]));
        }

        Assert.IsGreaterThan(0, end);
    }

    [TestMethod]
    public void BoxesOfAnswersAreInPixelsOfTheImage()
    {
        using TemporaryFolder folder = new();
        RandomCheckpoint.Write(folder.Path, Shape, seed: 3);
        using var model = VisionLanguageModel.Load(folder.Path);
        QuestionAnswererOptions options = Random(folder.Path);
        options.AnswerBoxesColumnName = "Boxes";
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Fit(options, Rows(1))).Message,
            nameof(GroundingProfile.BoxUnits)
        );
        options.Capture = options.Capture with { Fit = ImageFit.Stretch, Profile = model.Profile with { BoxUnits = BoxUnits.Shares } };
        options.Words = ["beak"];
        options.Queries = null;
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Fit(options, Rows(1))).Message,
            nameof(GroundingProfile.BoxQuestion)
        );
        options.Question = "Where is the {word}";
        var tokenizer = TextTokenizer.Open(folder.Path);
        int[] text = [.. "[0.25,0.5,0.75,1.0]".Select(character => tokenizer.IdOf(character.ToString())!.Value)];
        options.Answering = new AnswerOptions { MaximumTokens = text.Length, Processors = [new Saying(text)] };
        IDataView data = Fit(options, Rows(1));
        Assert.AreEqual("[0.25,0.5,0.75,1.0]", Texts(data)[0][0]);
        (float width, float height) = (Drawing.Value.Images[0].Width, Drawing.Value.Images[0].Height);
        float[] expected = [width / 4, height / 2, width / 2, height / 2];
        float[] box = data.Vectors("Boxes")[0];
        for (int number = 0; number < 4; number++)
        {
            Assert.AreEqual(expected[number], box[number], 1e-3);
        }

        options.Answering = new AnswerOptions { MaximumTokens = 3, Processors = [new Saying(text)] };
        Assert.IsTrue(Fit(options, Rows(1)).Vectors("Boxes")[0].All(float.IsNaN), "a box that was cut off");
    }

    [TestMethod]
    public void BoxesAreMapsOnRequestAndScoredLikeThem()
    {
        using TemporaryFolder folder = new();
        RandomCheckpoint.Write(folder.Path, Shape, seed: 3);
        using var model = VisionLanguageModel.Load(folder.Path);
        QuestionAnswererOptions options = Random(folder.Path);
        (options.Words, options.Queries) = (["beak"], null);
        options.AnswerBoxMapsColumnName = "Own";
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Fit(options, Rows(1))).Message, "'Own'");
        options.Capture = options.Capture with
        {
            Fit = ImageFit.Stretch,
            Profile = model.Profile with { BoxUnits = BoxUnits.Shares, BoxQuestion = "Where is the {word}" },
        };
        var tokenizer = TextTokenizer.Open(folder.Path);
        int[] text = [.. "[0.25,0.5,0.75,1.0]".Select(character => tokenizer.IdOf(character.ToString())!.Value)];
        options.Answering = new AnswerOptions { MaximumTokens = text.Length, Processors = [new Saying(text)] };
        IDataView data = Fit(options, Rows(1));
        CollectionAssert.AreEqual(new[] { 1, 4, 4 }, data.Schema.Dimensions("Own"));
        CollectionAssert.AreEqual(
            new float[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0 },
            data.Vectors("Own")[0],
            "the lower middle of a grid of 4 x 4"
        );
        CollectionAssert.AreEqual(new[] { "beak" }, data.Schema["Own"].GetQueryNames().ToArray());
        IDataView regions = ML
            .Transforms.FindRegions(new RegionFinderOptions { GroundingMapsColumnName = "Own" })
            .Fit(data)
            .Transform(data);
        (float width, float height) = (Drawing.Value.Images[0].Width, Drawing.Value.Images[0].Height);
        float[] box = regions.Vectors("RegionBoxes")[0];
        Assert.AreEqual(width / 4, box[0], 1e-3);
        Assert.AreEqual(height / 2, box[3], 1e-3);

        // No box: no region, and no row is lost.
        options.Answering = new AnswerOptions { MaximumTokens = 3, Processors = [new Saying(text)] };
        Assert.IsTrue(Fit(options, Rows(1)).Vectors("Own")[0].All(value => value == 0));
    }

    [TestMethod]
    public void TokensAndQuestionsAreThereToReadAnswersWordByWord()
    {
        QuestionAnswererOptions options = Options();
        options.Question = "{word}";
        options.AnswerMapsColumnName = GroundingColumns.AnswerMaps;
        options.Answering = new AnswerOptions { MaximumTokens = 4 };
        IDataView data = ML
            .Transforms.GroundByMethods(
                new MethodGrounderOptions
                {
                    ModelDirectory = SampleLlava.Directory,
                    Words = Words,
                    Methods = [GroundingMethods.AllHeadsMean],
                    Capture = new CaptureOptions { Profile = Bare },
                }
            )
            .Append(ML.Transforms.AnswerQuestions(options))
            .Fit(Rows(2))
            .Transform(Rows(2));
        string[][] answers = Texts(data);
        float[][] maps = data.Vectors(GroundingColumns.AnswerMaps);
        float[][] words = data.Vectors("GroundingMaps.AllHeadsMean");
        GroundedImage[] images = [.. ML.Grounding.ReadImages(data)];
        Assert.HasCount(2, images);
        for (int image = 0; image < 2; image++)
        {
            for (int word = 0; word < Words.Length; word++)
            {
                GroundedAnswer answer = images[image].Answers[word];
                Assert.AreEqual(Words[word], answer.Question);
                Assert.AreEqual(answers[image][word], answer.Text);
                Assert.AreEqual(Words[word], answer.QuestionWords.Single().Text);
                CollectionAssert.AreEqual(words[image][(word * 144)..((word + 1) * 144)], answer.QuestionWords[0].Map.ToArray());
                GroundedWord first = answer.Words[0];
                Assert.AreEqual(first.Text, answer.Text[first.Start..(first.Start + first.Text.Length)]);

                // The answer's first word is one token, the color.
                CollectionAssert.AreEqual(maps[image][(word * 4 * 144)..(((word * 4) + 1) * 144)], first.Map.ToArray());
                Assert.IsLessThanOrEqualTo(0, first.LogProbability);
            }

            images[image].Dispose();
        }
    }

    [TestMethod]
    public void AViewOfAnswersAloneIsReadToo()
    {
        QuestionAnswererOptions options = Options();
        options.AnswerMapsColumnName = GroundingColumns.AnswerMaps;
        options.Answering = new AnswerOptions { MaximumTokens = 2 };
        IDataView rows = ML.Data.LoadFromEnumerable(new[] { new Row { Image = Drawing.Value.Images[0] } });
        GroundedImage image = ML.Grounding.ReadImages(Fit(options, rows)).Single();
        Assert.IsEmpty(image.Methods);
        Assert.HasCount(Words.Length, image.Answers);
        Assert.IsFalse(image.Failed);
        image.Dispose();
    }

    [TestMethod]
    public void ARowWithoutAnImageIsMarkedAndCounted()
    {
        QuestionAnswererOptions options = Options();
        options.Choices = ["red"];
        options.AnswerMapsColumnName = "Maps";
        IDataView rows = ML.Data.LoadFromEnumerable(
            new[]
            {
                new Row { Image = null },
                new Row { Image = Drawing.Value.Images[0] },
            }
        );
        IDataView data = Fit(options, rows);
        CollectionAssert.AreEqual(new[] { "", "", "" }, Texts(data)[0]);
        foreach (string column in new[] { "AnswerTokenIds", "AnswerLogProbabilities", "Maps", "ChoiceProbabilities" })
        {
            Assert.IsTrue(data.Vectors(column)[0].All(float.IsNaN), column);
            Assert.IsFalse(float.IsNaN(data.Vectors(column)[1][0]), column);
        }

        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("there is no image", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void FreeQuestionsAreAskedAndNamed()
    {
        using QuestionAnswererTransformer answerer = ML
            .Transforms.AnswerQuestions(SampleLlava.Directory, ["tail beak", "wing"], maximumTokens: 3)
            .Fit(Rows(1));
        IDataView data = answerer.Transform(Rows(1));
        CollectionAssert.AreEqual(new[] { "tail beak", "wing" }, data.Schema["Answer"].GetQueryNames().ToArray());
        CollectionAssert.AreEqual(new[] { 2, 3 }, data.Schema.Dimensions("AnswerTokenIds"));
        Assert.IsFalse(data.Schema.Any(column => column.Name is "AnswerMaps" or "AnswerBoxes" or "ChoiceProbabilities"));
    }

    [TestMethod]
    public void AmplificationReachesAnswersAndChoices()
    {
        QuestionAnswererOptions options = Options();
        options.Choices = ["red", "blue"];
        float[] plain = Fit(options, Rows(1)).Vectors("ChoiceProbabilities")[0];
        options.Capture = options.Capture with { Amplification = new AttentionAmplification { Bias = 4 } };
        IDataView data = Fit(options, Rows(1));
        Assert.HasCount(Words.Length, Texts(data)[0]);
        Difference.IsMoreThanRounding(plain, data.Vectors("ChoiceProbabilities")[0]);
    }

    [TestMethod]
    public void ABoxIsSteeredWithoutAnObjectAndWithABiasOfZeroNothingChanges()
    {
        QuestionAnswererOptions options = Options();
        options.Object = "";
        options.Choices = ["red", "blue"];
        float[] plain = Fit(options, Rows(1)).Vectors("ChoiceProbabilities")[0];
        var hiding = AttentionAmplification.Hiding(new ImageBox(0, 0, 260, 240));
        options.Capture = options.Capture with { Amplification = hiding with { Bias = 0 } };
        CollectionAssert.AreEqual(plain, Fit(options, Rows(1)).Vectors("ChoiceProbabilities")[0]);
        options.Capture = options.Capture with { Amplification = hiding };
        float[] blind = Fit(options, Rows(1)).Vectors("ChoiceProbabilities")[0];
        Assert.IsTrue(Array.TrueForAll(blind, float.IsFinite));
        CollectionAssert.AreNotEqual(plain, blind);
    }

    [TestMethod]
    public void WhatCannotBeIsRefused()
    {
        Refused<ArgumentException>(options => options.Answering = new AnswerOptions { Maps = true });
        Refused<ArgumentException>(options => options.Answering = new AnswerOptions { ActivationMaps = new TokenActivationOptions() });
        Refused<ArgumentException>(options => options.Capture = new CaptureOptions { SuffixLogits = true });
        Refused<ArgumentException>(options => options.Choices = ["red", ""]);
        Refused<ArgumentException>(options => options.Choices = ["red", "red"]);
        Refused<ArgumentException>(options => options.MapMethod = GroundingMethods.LocalizationHeads);
        Refused<ArgumentException>(options => options.Words = []);
        Refused<ArgumentOutOfRangeException>(options => options.Answering = new AnswerOptions { MaximumTokens = 0 });
        Refused<ArgumentException>(options =>
        {
            options.Queries = [AttentionQuery.Fine("beak")];
            options.MapMethod = GroundingMethods.Paper;
        });

        void Refused<TException>(Action<QuestionAnswererOptions> change)
            where TException : Exception
        {
            QuestionAnswererOptions options = Options();
            change(options);
            Assert.ThrowsExactly<TException>(() => ML.Transforms.AnswerQuestions(options));
        }
    }

    [TestMethod]
    public void WithoutAnObjectWhatGoesByItIsRefused()
    {
        foreach (
            Action<QuestionAnswererOptions> change in new Action<QuestionAnswererOptions>[]
            {
                options => options.MapMethod = GroundingMethods.Paper,
                options => options.Capture = options.Capture with { Amplification = new AttentionAmplification() },
            }
        )
        {
            QuestionAnswererOptions options = Options();
            options.Object = "";
            change(options);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Fit(options, Rows(1))).Message, "Object");
        }
    }

    private static LlavaShape Shape { get; } =
        new()
        {
            TextHiddenSize = 64,
            TextIntermediateSize = 96,
            TextLayers = 3,
            TextHeads = 8,
            TextKeyValueHeads = 4,
            TextHeadSize = 8,
            VocabularySize = 512,
            ImageTokenId = 500,
            ImageSize = 56,
            PatchSize = 14,
            VisionHiddenSize = 32,
            VisionIntermediateSize = 64,
            VisionLayers = 2,
            VisionHeads = 4,
        };

    private static QuestionAnswererOptions Options() =>
        new()
        {
            ModelDirectory = SampleLlava.Directory,
            Words = Words,
            Capture = new CaptureOptions { Profile = Bare },
            Answering = new AnswerOptions { MaximumTokens = 1 },
        };

    private static QuestionAnswererOptions Random(string directory) =>
        new()
        {
            ModelDirectory = directory,
            Queries =
            [
                new AttentionQuery
                {
                    Name = "a",
                    Word = "beak",
                    Question = "Where is the beak",
                },
                new AttentionQuery { Name = "b", Question = "Where" },
            ],
            Answering = new AnswerOptions { MaximumTokens = 4 },
        };

    private static (MLImage[] Images, SampleBird[] Drawn) Draw()
    {
        using SampleBirdRenderer renderer = new();
        SampleBird[] birds =
        [
            .. Enumerable
                .Range(0, Birds)
                .Select(index => renderer.Render(SampleSeeds.Accuracy[index], new SampleBirdOptions { Width = 260, Height = 240 })),
        ];
        return ([.. birds.Select(ToImage)], birds);

        static MLImage ToImage(SampleBird bird)
        {
            byte[] pixels = new byte[bird.Width * bird.Height * 4];
            for (int pixel = 0; pixel < bird.Width * bird.Height; pixel++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels[(pixel * 4) + 2 - channel] = bird.Rgb[(pixel * 3) + channel];
                }

                pixels[(pixel * 4) + 3] = byte.MaxValue;
            }

            return MLImage.CreateFromPixels(bird.Width, bird.Height, MLPixelFormat.Bgra32, pixels);
        }
    }

    private static string[][] Texts(IDataView data) =>
        [
            .. data.GetColumn<VBuffer<ReadOnlyMemory<char>>>("Answer")
                .Select(buffer => buffer.DenseValues().Select(text => text.ToString()).ToArray()),
        ];

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        double largest = expected.Max(Math.Abs);
        for (int cell = 0; cell < expected.Length; cell++)
        {
            Assert.AreEqual(expected[cell], actual[cell], 1e-4 * largest, $"{what}, cell {cell}");
        }
    }

    private IDataView Fit(QuestionAnswererOptions options, IDataView rows) =>
        ML.Transforms.AnswerQuestions(options).Fit(rows).Transform(rows);

    private IDataView Rows(int count = Birds) =>
        ML.Data.LoadFromEnumerable(Drawing.Value.Images.Take(count).Select(image => new Row { Image = image }));

    private sealed class Row
    {
        [Microsoft.ML.Transforms.Image.ImageType(240, 260)]
        public MLImage? Image { get; set; }
    }

    /// <summary>Makes an answer of given tokens.</summary>
    private sealed class Saying(int[] tokens) : ILogitsProcessor
    {
        public void Process(Span<float> logits, AnswerContext context)
        {
            int token = tokens[context.AnswerTokenIds.Count];
            float kept = logits[token];
            logits.Fill(float.NegativeInfinity);
            logits[token] = kept;
        }
    }
}
