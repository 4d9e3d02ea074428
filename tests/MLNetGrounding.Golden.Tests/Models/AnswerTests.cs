using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Generation;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Models;

/// <summary>Answers of every family that is built, against Hugging Face's greedy generation.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class AnswerTests
{
    private const double LogProbabilityLimit = 3e-4;

    public static IEnumerable<object[]> Models => GoldenFolders.Folders("", "prompt.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void AnswersTheirLogProbabilitiesAndTheirAttentionAreHuggingFaces(string folder)
    {
        GoldenModel golden = new(folder);
        if (!golden.IsBuilt)
        {
            Assert.Inconclusive($"The family {golden.Family} is not built.");
        }

        using TemporaryFolder copies = new();
        List<string> failures = [];
        foreach (GoldenModelCase each in golden.Cases.Where(each => each.Answer is not null))
        {
            try
            {
                Check(golden, each, golden.CheckpointFor(each.Settings, copies.Path));
            }
            catch (Exception exception) when (exception is not AssertInconclusiveException)
            {
                failures.Add($"{each.Name}: {exception.Message}");
            }
        }

        Assert.IsEmpty(failures, string.Join(Environment.NewLine, failures));
    }

    private static void Check(GoldenModel golden, GoldenModelCase each, string checkpoint)
    {
        GoldenCase result = new(golden.Folder, each.Name);
        SharedCheckpoint model = result.Load(() =>
            SharedCheckpoint.Load(checkpoint, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 })
        );
        try
        {
            PreparedImage image = result.Load(() =>
                model.Images.Prepare(PngImage.Read(each.ImagePath), each.Request, CancellationToken.None)
            );
            PreparedPrompt prompt = result.Load(() => Prompt(model, each, image));
            result.Run(() => Answers(golden, each, model, image, prompt, result));
        }
        finally
        {
            model.Release();
        }

        result.Complete();
    }

    /// <summary>All questions of a case, which are decoded together, so that each pads the others.</summary>
    private static PreparedPrompt Prompt(SharedCheckpoint model, GoldenModelCase each, PreparedImage image) =>
        model
            .CreatePromptBuilder(new GroundingProfile { Template = each.Template })
            .Build(
                [
                    .. each.Queries.Select(
                        (query, index) =>
                            new AttentionQuery
                            {
                                Name = $"{index}",
                                Word = query.Word,
                                Question = query.Question,
                            }
                    ),
                ],
                new CaptureOptions { Fit = ImageFit.Native },
                image.Span.Layout
            );

    private static void Answers(
        GoldenModel golden,
        GoldenModelCase each,
        SharedCheckpoint model,
        PreparedImage image,
        PreparedPrompt prompt,
        GoldenCase result
    )
    {
        (int query, IReadOnlyList<int> ids) = each.Answer!.Value;
        NewestRows rows = new(query);
        Answer answer = Run(
            golden,
            model,
            image,
            prompt,
            new AnswerOptions
            {
                MaximumTokens = ids.Count,
                Row = AnswerRow.Token,
                Observers = [rows],
            },
            query
        );
        Answer plain = Run(golden, model, image, prompt, new AnswerOptions { MaximumTokens = ids.Count }, query);
        result.Equal("answer_ids", ids, answer.TokenIds);
        result.Equal("answer_ids_without_capture", answer.TokenIds, plain.TokenIds);
        result.Equal(
            "answer_end_tokens",
            [.. golden.EndTokenIds.Order()],
            [.. golden.EndTokenIds.Intersect(model.Generation.EndTokenIds).Order()]
        );
        Assert.IsTrue(
            answer.Tokens.Select(token => token.LogProbability).SequenceEqual(plain.Tokens.Select(token => token.LogProbability)),
            "Capture changed the numbers."
        );
        if (each.Expected("answer_logprobs") is { } expected)
        {
            float[] logProbabilities = [.. answer.Tokens.Select(token => (float)token.LogProbability)];
            result.Close("answer_logprobs", expected.Floats(), logProbabilities, Math.Max(LogProbabilityLimit, each.NoiseOfLogits));
        }

        if (each.Expected("answer_attn") is { } attention)
        {
            result.Close("answer_attn", attention.Floats(), rows.All(attention.Shape[^1], model.Info.Heads), each.Attention);
        }

        if (each.Expected("answer_position_ids") is { } positions)
        {
            result.Equal("answer_position_ids", positions.Longs(), Positions(model, image, prompt, query, ids.Count));
        }

        if (each.AnswerText is { } text && model.Tokenizer is not null)
        {
            result.Equal("answer_text", [text], [answer.Text]);
        }
    }

    /// <summary>The positions of a query's prompt and of the tokens of its answer, axis by axis.</summary>
    private static long[] Positions(SharedCheckpoint model, PreparedImage image, PreparedPrompt prompt, int query, int tokens)
    {
        using AnswerState state = model.Capturer.Begin(
            image,
            prompt,
            [.. Enumerable.Range(0, prompt.Suffixes.Count)],
            [],
            null,
            CancellationToken.None
        );
        PackedSequence sequence = state.Sequence;
        PackedSuffix suffix = sequence.Suffixes[query];
        return
        [
            .. sequence.Positions.SelectMany(axis =>
                axis.Take(sequence.PrefixLength)
                    .Concat(axis.Skip(suffix.Start).Take(suffix.Length))
                    .Concat(Enumerable.Range(state.NextPositions[query], tokens))
                    .Select(position => (long)position)
            ),
        ];
    }

    private static Answer Run(
        GoldenModel golden,
        SharedCheckpoint model,
        PreparedImage image,
        PreparedPrompt prompt,
        AnswerOptions options,
        int query
    )
    {
        // The end tokens were barred when the answers were made.
        options = options with
        {
            Processors = [new BarredTokens(golden.EndTokenIds)],
            SkipSpecialTokens = false,
        };
        using AnswerRun run = model.Answers.Begin(image, prompt, options, CancellationToken.None);
        while (!run.IsComplete)
        {
            run.Next(CancellationToken.None);
        }

        return run.Answers[query];
    }
}
