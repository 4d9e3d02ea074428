using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

[TestClass]
public sealed class AnswerTests
{
    private const int Tokens = 6;
    private const double Tolerance = 1e-5;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        AnswerOptions options = new();
        Assert.AreEqual(32, options.MaximumTokens);
        Assert.AreEqual(new AnswerSampling(), options.Sampling);
        Assert.IsFalse(options.UseCheckpointSampling);
        Assert.AreEqual(1UL, options.Seed);
        Assert.AreEqual(AnswerRow.Predicting, options.Row);
        Assert.IsTrue(options.SkipSpecialTokens);
        Assert.IsFalse(options.Maps);
        Assert.AreEqual("greedy", new AnswerSampling().ToString());
    }

    [TestMethod]
    public void AnswersAreThoseOfTheWholeSequenceRecomputedForEachToken()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        ImageAnswers answers = model.Model.Answer(RandomModel.Image, prompt, new AnswerOptions { MaximumTokens = Tokens, Maps = true });
        for (int query = 0; query < prompt.Queries.Count; query++)
        {
            Slow(model, prompt, query, answers.Answers[query], predicting: true);
        }
    }

    [TestMethod]
    public void OwnRowsAreThoseOfTheWholeSequenceToo()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AnswerOptions options = new()
        {
            MaximumTokens = Tokens,
            Maps = true,
            Row = AnswerRow.Token,
        };
        ImageAnswers answers = model.Model.Answer(RandomModel.Image, prompt, options);
        for (int query = 0; query < prompt.Queries.Count; query++)
        {
            Slow(model, prompt, query, answers.Answers[query], predicting: false);
        }
    }

    [TestMethod]
    public void AnswersGeneratedTogetherAreThoseGeneratedAlone()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();

        // Stop tokens that some answers hold, so that answers end at different times.
        ImageAnswers whole = model.Model.Answer(RandomModel.Image, prompt, new AnswerOptions { MaximumTokens = Tokens });
        int[] stops = [whole.Answers[0].TokenIds[1], whole.Answers[2].TokenIds[3]];
        AnswerOptions options = new()
        {
            MaximumTokens = Tokens,
            StopTokenIds = stops,
            Maps = true,
        };
        ImageAnswers together = model.Model.Answer(RandomModel.Image, prompt, options);
        Assert.IsGreaterThan(1, together.Answers.Select(answer => answer.Tokens.Count).Distinct().Count(), "all answers ended at once");
        for (int query = 0; query < prompt.Queries.Count; query++)
        {
            Answer alone = model.Model.Answer(RandomModel.Image, model.Model.Prepare([prompt.Queries[query]]), options).Answers[0];
            Answer answer = together.Answers[query];
            CollectionAssert.AreEqual(alone.TokenIds.ToArray(), answer.TokenIds.ToArray());
            Assert.AreEqual(alone.End, answer.End);
            Assert.AreEqual(alone.Text, answer.Text);
            for (int token = 0; token < alone.Tokens.Count; token++)
            {
                Assert.AreEqual(alone.Tokens[token].LogProbability, answer.Tokens[token].LogProbability, Tolerance);
                TinyACapture.Near([.. alone.Tokens[token].Map], [.. answer.Tokens[token].Map], Tolerance, "map");
            }
        }
    }

    [TestMethod]
    public void ObserversSeeTheSequenceOfEachTokenAndTheHeadsThatTheyName()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AnswerOptions options = new()
        {
            MaximumTokens = Tokens,
            Row = AnswerRow.Token,
            Observers = [new SequenceObserver()],
        };
        IReadOnlyList<Answer> answers = model.Model.Answer(RandomModel.Image, prompt, options).Answers;
        int[] asked = [.. prompt.Queries.Select(query => prompt.TokenIdsOf(query.Name).Count - 1 + 16)];
        Assert.IsGreaterThan(1, asked.Distinct().Count(), "all questions are equally long");
        for (int query = 0; query < asked.Length; query++)
        {
            for (int token = 0; token < answers[query].Tokens.Count; token++)
            {
                float[] expected = [asked[query] + token + 1, asked[query] + token, asked[query] + token + 1, 1];
                CollectionAssert.AreEqual(expected, answers[query].Tokens[token].Observations[0].ToArray());
            }
        }
    }

    [TestMethod]
    public void NumbersAreTheSameWithAndWithoutCaptureToTheLastBit()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        ImageAnswers plain = model.Model.Answer(RandomModel.Image, prompt, new AnswerOptions { MaximumTokens = Tokens });
        foreach (AnswerRow row in Enum.GetValues<AnswerRow>())
        {
            ImageAnswers captured = model.Model.Answer(
                RandomModel.Image,
                prompt,
                new AnswerOptions
                {
                    MaximumTokens = Tokens,
                    Maps = true,
                    Row = row,
                }
            );
            Assert.IsTrue(Numbers(plain).SequenceEqual(Numbers(captured)), $"{row}");
            Assert.IsTrue(
                captured
                    .Answers.SelectMany(answer => answer.Tokens)
                    .All(token => token.Map.Count == captured.Grid.Cells && token.Map.Sum() is > 0 and < 1)
            );
        }

        static IEnumerable<(int, double)> Numbers(ImageAnswers answers) =>
            answers.Answers.SelectMany(answer => answer.Tokens).Select(token => (token.Id, token.LogProbability));
    }

    [TestMethod]
    public void AmplifiedAnswersAreThoseOfAnAmplifiedCaptureOfQuestionAndAnswer()
    {
        using RandomModel model = new();
        AttentionAmplification amplification = new()
        {
            Bias = 2,
            MaskThreshold = 0.5,
            FirstLayerDepth = 0.34,
        };
        PreparedPrompt plain = model.Prompt();
        PreparedPrompt amplified = model.Prompt(new CaptureOptions { Amplification = amplification });
        AnswerOptions options = new()
        {
            MaximumTokens = Tokens,
            Maps = true,
            Row = AnswerRow.Token,
        };
        ImageAnswers answers = model.Model.Answer(RandomModel.Image, amplified, options);
        Assert.IsFalse(
            Logarithms(answers).SequenceEqual(Logarithms(model.Model.Answer(RandomModel.Image, plain, options))),
            "amplification changed nothing"
        );
        Assert.IsTrue(
            Logarithms(
                    model.Model.Answer(
                        RandomModel.Image,
                        model.Prompt(new CaptureOptions { Amplification = amplification with { Bias = 0 } }),
                        options
                    )
                )
                .SequenceEqual(Logarithms(model.Model.Answer(RandomModel.Image, plain, options))),
            "a bias of zero changed something"
        );

        // Question and answer as one query, the coarse one beside it as it was.
        int query = 0;
        int coarse = 1;
        for (int count = 1; count <= Tokens; count++)
        {
            int[] ids = [.. plain.Suffixes[query].TokenIds, .. answers.Answers[query].TokenIds.Take(count)];
            PreparedPrompt whole = model.Model.Prepare(
                [new AttentionQuery { Name = "whole", TokenIds = ids }, plain.Queries[coarse]],
                new CaptureOptions { Amplification = amplification }
            );
            float[] maps = model.Model.Capture(RandomModel.Image, whole).FineAttention;
            TinyACapture.Near(
                Mean(maps, RandomModel.Shape.VisualTokens),
                [.. answers.Answers[query].Tokens[count - 1].Map],
                Tolerance,
                $"token {count}"
            );
        }

        static IEnumerable<double> Logarithms(ImageAnswers answers) => answers.Answers[0].Tokens.Select(token => token.LogProbability);
    }

    [TestMethod]
    public void TheImageTokenInAnAnswerIsAnOrdinaryToken()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AnswerOptions options = new()
        {
            MaximumTokens = Tokens,
            Maps = true,
            Processors = [new OnlyAtFirst(RandomModel.ImageTokenId)],
        };
        Answer answer = model.Model.Answer(RandomModel.Image, prompt, options).Answers[0];
        Assert.AreEqual(RandomModel.ImageTokenId, answer.TokenIds[0]);
        Assert.AreNotEqual(RandomModel.ImageTokenId, answer.TokenIds[1]);
        Slow(model, prompt, query: 0, answer, predicting: true);
    }

    [TestMethod]
    public void AllEndTokensOfBothFilesEndAnAnswer()
    {
        int first;
        int third;
        using (RandomModel model = new())
        {
            Answer answer = model.Model.Answer(RandomModel.Image, model.Prompt(), new AnswerOptions { MaximumTokens = Tokens }).Answers[0];
            first = answer.TokenIds[0];
            third = answer.TokenIds.First(id => id != first);
            Assert.AreEqual(AnswerEnd.MaximumTokens, answer.End);
        }

        using RandomModel ending = new($$"""{"eos_token_id":[{{first}},511]}""");
        CollectionAssert.IsSubsetOf(new[] { first, 511 }, ending.Model.EndTokenIds.ToArray());
        Answer empty = ending.Model.Answer(RandomModel.Image, ending.Prompt()).Answers[0];
        Assert.IsEmpty(empty.Tokens);
        Assert.AreEqual("", empty.Text);
        Assert.AreEqual(AnswerEnd.EndToken, empty.End);
        using RandomModel later = new($$"""{"eos_token_id":{{third}}}""");
        Answer cut = later.Model.Answer(RandomModel.Image, later.Prompt()).Answers[0];
        Assert.IsNotEmpty(cut.Tokens);
        Assert.DoesNotContain(third, cut.TokenIds);
        Assert.AreEqual(AnswerEnd.EndToken, cut.End);
    }

    [TestMethod]
    public void AnAnswerEndsWhereTheContextDoes()
    {
        int most;
        using (RandomModel model = new())
        {
            PreparedPrompt prompt = model.Prompt();
            most = prompt.Prefix.Count + RandomModel.Shape.VisualTokens + prompt.Suffixes.Max(suffix => suffix.TokenIds.Count) + 2;
        }

        using RandomModel shorter = new(longest: most);
        ImageAnswers answers = shorter.Model.Answer(RandomModel.Image, shorter.Prompt(), new AnswerOptions { MaximumTokens = 200 });
        Assert.HasCount(2, answers.Answers[2].Tokens);
        Assert.AreEqual(AnswerEnd.Context, answers.Answers[2].End);
        Assert.IsGreaterThan(2, answers.Answers[0].Tokens.Count);
    }

    [TestMethod]
    public void WhereEveryTokenIsBarredTheAnswerEndsWithoutOne()
    {
        using RandomModel model = new();
        AnswerOptions options = new() { Processors = [new BarredTokens(Enumerable.Range(0, RandomModel.VocabularySize))] };
        Answer answer = model.Model.Answer(RandomModel.Image, model.Prompt(), options).Answers[0];
        Assert.AreEqual(AnswerEnd.NoToken, answer.End);
        Assert.IsEmpty(answer.Tokens);
    }

    [TestMethod]
    public void TheCheckpointsSamplingIsNamed()
    {
        using RandomModel model = new("""{"do_sample":true,"temperature":0.7,"top_k":20,"top_p":0.8,"repetition_penalty":1.05}""");
        Assert.AreEqual(
            new AnswerSampling
            {
                Temperature = 0.7,
                TopK = 20,
                TopP = 0.8,
                RepetitionPenalty = 1.05,
            },
            model.Model.CheckpointSampling
        );
        AnswerOptions options = new()
        {
            UseCheckpointSampling = true,
            Seed = 5,
            MaximumTokens = 2,
        };
        string named = model.Model.Answer(RandomModel.Image, model.Prompt(), options).Decoding;
        Assert.AreEqual("temperature 0.7, top-k 20, top-p 0.8, repetition penalty 1.05 (generation_config.json), seed 5", named);
        Assert.AreEqual("greedy", model.Model.Answer(RandomModel.Image, model.Prompt(), new AnswerOptions { MaximumTokens = 1 }).Decoding);
    }

    [TestMethod]
    [DataRow("""{"num_beams":4}""", "num_beams")]
    [DataRow("""{"no_repeat_ngram_size":2}""", "no_repeat_ngram_size")]
    [DataRow("""{"suppress_tokens":[3]}""", "suppress_tokens")]
    [DataRow("""{"do_sample":true,"top_p":1.5}""", "top_p")]
    public void WhatTheFileAsksForAndIsNotImplementedIsRefusedByName(string file, string key)
    {
        using RandomModel model = new(file);
        CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() =>
            model.Model.Answer(RandomModel.Image, model.Prompt(), new AnswerOptions { UseCheckpointSampling = true })
        );
        StringAssert.Contains(error.Message, key);

        // Nobody asked for it otherwise.
        model.Model.Answer(RandomModel.Image, model.Prompt(), new AnswerOptions { MaximumTokens = 1 });
    }

    [TestMethod]
    public void DrawnAnswersAreTheSameForTheSameSeedAndWhateverElseIsAsked()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AnswerOptions options = new()
        {
            MaximumTokens = 12,
            Sampling = new AnswerSampling { Temperature = 1.5 },
            Seed = 9,
        };
        int[] first = [.. model.Model.Answer(RandomModel.Image, prompt, options).Answers[0].TokenIds];
        CollectionAssert.AreEqual(first, model.Model.Answer(RandomModel.Image, prompt, options).Answers[0].TokenIds.ToArray());
        CollectionAssert.AreEqual(
            first,
            model.Model.Answer(RandomModel.Image, model.Model.Prepare([prompt.Queries[0]]), options).Answers[0].TokenIds.ToArray()
        );
        CollectionAssert.AreNotEqual(
            first,
            model.Model.Answer(RandomModel.Image, prompt, options with { Seed = 10 }).Answers[0].TokenIds.ToArray()
        );
    }

    [TestMethod]
    public void TheSameQuestionUnderTwoNamesIsDrawnTwice()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Model.Prepare([
            new AttentionQuery { Name = "one", Question = "Where is the wing?" },
            new AttentionQuery { Name = "other", Question = "Where is the wing?" },
        ]);
        AnswerOptions options = new()
        {
            MaximumTokens = 12,
            Sampling = new AnswerSampling { Temperature = 1.5 },
        };
        IReadOnlyList<Answer> answers = model.Model.Answer(RandomModel.Image, prompt, options).Answers;
        CollectionAssert.AreNotEqual(answers[0].TokenIds.ToArray(), answers[1].TokenIds.ToArray());
    }

    [TestMethod]
    public async Task AStreamGivesTheSameTokensAndTexts()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        foreach (AnswerRow row in Enum.GetValues<AnswerRow>())
        {
            AnswerOptions options = new()
            {
                MaximumTokens = Tokens,
                Maps = true,
                Row = row,
            };
            ImageAnswers answers = model.Model.Answer(RandomModel.Image, prompt, options);
            List<AnswerUpdate> updates = [];
            await foreach (AnswerUpdate update in model.Model.AnswerAsync(RandomModel.Image, prompt, options))
            {
                updates.Add(update);
            }

            for (int query = 0; query < prompt.Queries.Count; query++)
            {
                AnswerUpdate[] own = [.. updates.Where(update => update.Query == query)];
                CollectionAssert.AreEqual(
                    answers.Answers[query].TokenIds.ToArray(),
                    own.Where(update => update.Token is not null).Select(update => update.Token!.Id).ToArray()
                );
                Assert.AreEqual(answers.Answers[query].Text, string.Concat(own.Select(update => update.Text)));
                Assert.AreEqual(answers.Answers[query].End, own[^1].End);
                Assert.AreEqual(1, own.Count(update => update.End is not null));
                Assert.IsTrue(own.Where(update => update.Token is not null).All(update => update.Token!.Map.Count == answers.Grid.Cells));
            }
        }
    }

    [TestMethod]
    public async Task AStreamThatIsLeftStopsTheModelAndACanceledOneSaysSo()
    {
        using RandomModel model = new();
        Counting counting = new();
        AnswerOptions options = new() { MaximumTokens = 400, Processors = [counting] };
        await foreach (AnswerUpdate _ in model.Model.AnswerAsync(RandomModel.Image, model.Prompt(), options))
        {
            break;
        }

        int stopped = counting.Calls;
        Assert.IsLessThan(400 * 4, stopped);
        using CancellationTokenSource canceling = new();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (AnswerUpdate _ in model.Model.AnswerAsync(RandomModel.Image, model.Prompt(), options, canceling.Token))
            {
                await canceling.CancelAsync();
            }
        });
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            model.Model.Answer(RandomModel.Image, model.Prompt(), options, canceling.Token)
        );
    }

    [TestMethod]
    public async Task AFailureInAStreamReachesItsReader()
    {
        using RandomModel model = new();
        AnswerOptions options = new() { Processors = [new Failing()] };
        InvalidOperationException error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(async () =>
        {
            await foreach (AnswerUpdate _ in model.Model.AnswerAsync(RandomModel.Image, model.Prompt(), options)) { }
        });
        Assert.AreEqual(nameof(Failing), error.Message);
    }

    [TestMethod]
    public void ObserversThatNeedTheImagesOwnRowsSayWhereTheyBelong()
    {
        using RandomModel model = new();
        AnswerOptions options = new()
        {
            MaximumTokens = 2,
            Observers = [new CoarseMaskObserver(new CoarseFlowOptions(), [new RolloutOptions()])],
        };
        PreparedPrompt prompt = model.Prompt();
        NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(() =>
            model.Model.Answer(RandomModel.Image, prompt, options)
        );
        StringAssert.Contains(error.Message, nameof(CaptureOptions.Observers));
    }

    [TestMethod]
    public void FewerLayersAndValuesOutOfRangeAreRefused()
    {
        using RandomModel model = new();
        Assert.ThrowsExactly<ArgumentException>(() =>
            model.Model.Answer(RandomModel.Image, model.Prompt(new CaptureOptions { Layers = 2 }))
        );
        foreach (
            AnswerOptions options in new AnswerOptions[]
            {
                new() { MaximumTokens = 0 },
                new() { Row = (AnswerRow)7 },
                new() { Sampling = new AnswerSampling { Temperature = -1 } },
                new() { Sampling = new AnswerSampling { TopP = 0 } },
                new() { Sampling = new AnswerSampling { TopK = 0 } },
                new() { Sampling = new AnswerSampling { RepetitionPenalty = 0 } },
            }
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Model.Answer(RandomModel.Image, model.Prompt(), options));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Model.AnswerAsync(RandomModel.Image, model.Prompt(), options));
        }
    }

    [TestMethod]
    public void BFloat16AnswersToo()
    {
        using RandomModel model = new(precision: ModelPrecision.BFloat16);
        ImageAnswers answers = model.Model.Answer(
            RandomModel.Image,
            model.Prompt(),
            new AnswerOptions { MaximumTokens = Tokens, Maps = true }
        );
        Assert.IsTrue(
            answers.Answers.All(answer =>
                answer.Tokens.Count == Tokens && answer.Tokens.All(token => double.IsFinite(token.LogProbability))
            )
        );
    }

    /// <summary>Asserts that an answer is what the slow way gives: the whole sequence again for each token.</summary>
    private static void Slow(RandomModel model, PreparedPrompt prompt, int query, Answer answer, bool predicting)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        int visual = RandomModel.Shape.VisualTokens;
        for (int token = 0; token < answer.Tokens.Count; token++)
        {
            int[] suffix = [.. prompt.Suffixes[query].TokenIds, .. answer.TokenIds.Take(token)];
            (Tensor[] attention, Tensor logits) = Run(suffix);
            float[] last = logits.ToFloats();
            if (answer.TokenIds[token] != RandomModel.ImageTokenId)
            {
                Assert.AreEqual(Array.IndexOf(last, last.Max()), answer.TokenIds[token], $"query {query}, token {token}");
            }

            Assert.AreEqual(last[answer.TokenIds[token]] - TokenChooser.LogOfSum(last), answer.Tokens[token].LogProbability, Tolerance);
            if (!predicting)
            {
                (attention, _) = Run([.. suffix, answer.TokenIds[token]]);
            }

            float[] rows = cat(
                    [.. attention.Select(layer => layer.narrow(1, layer.shape[1] - 1, 1).narrow(2, prompt.Prefix.Count, visual))],
                    0
                )
                .ToFloats();
            TinyACapture.Near(Mean(rows, visual), [.. answer.Tokens[token].Map], Tolerance, $"query {query}, token {token}");
        }

        (Tensor[], Tensor) Run(IReadOnlyList<int> suffix) =>
            EagerTwin.Run(model.Shared.Network, model.Shared.Info, model.Prepared(prompt), prompt.Prefix, suffix, lastLogits: true);
    }

    private static float[] Mean(float[] maps, int cells) =>
        [
            .. Enumerable
                .Range(0, cells)
                .Select(cell => (float)Enumerable.Range(0, maps.Length / cells).Average(map => (double)maps[(map * cells) + cell])),
        ];

    /// <summary>Makes every answer begin with one token.</summary>
    private sealed class OnlyAtFirst(int token) : ILogitsProcessor
    {
        public void Process(Span<float> logits, AnswerContext context)
        {
            if (context.AnswerTokenIds.Count == 0)
            {
                float kept = logits[token];
                logits.Fill(float.NegativeInfinity);
                logits[token] = kept;
            }
            else
            {
                logits[token] = float.NegativeInfinity;
            }
        }
    }

    private sealed class Counting : ILogitsProcessor
    {
        private int _calls;

        public int Calls => _calls;

        public void Process(Span<float> logits, AnswerContext context) => Interlocked.Increment(ref _calls);
    }

    private sealed class Failing : ILogitsProcessor
    {
        public void Process(Span<float> logits, AnswerContext context) => throw new InvalidOperationException(nameof(Failing));
    }

    /// <summary>
    /// Records of the last layer how long each query's sequence is, its row, how many places that has, and whether a head that is named is
    /// the same among all heads.
    /// </summary>
    private sealed class SequenceObserver : ILayerObserver
    {
        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(prompt.Queries.Count);

        private sealed class Recorder(int queries) : ILayerRecorder
        {
            private float[] _seen = [];

            public void Observe(LayerAttention attention) =>
                _seen = [.. Enumerable.Range(0, queries).SelectMany(query => Seen(attention, query))];

            public float[] Complete() => _seen;

            private static float[] Seen(LayerAttention attention, int query)
            {
                int row = attention.FirstRow(query);
                float[] all = attention.ReadProbabilities(query, null, row, 1);
                float[] third = attention.ReadProbabilities(query, [2], row, 1);
                int places = all.Length / attention.HeadCount;
                bool isThird = third.AsSpan().SequenceEqual(all.AsSpan(2 * places, places));
                return [attention.SequenceLength(query), row, places, isThird ? 1 : 0];
            }
        }
    }
}
