using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Generation;

/// <summary>Token activation maps of answers: while they are generated, and read again with the answer as a part of the query.</summary>
[TestClass]
public sealed class AnswerActivationTests
{
    private const int Tokens = 5;

    [TestMethod]
    public void MapsOfAnAnswerAreThoseOfTheAnswerReadAgain()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AnswerOptions options = new()
        {
            MaximumTokens = Tokens,
            ActivationMaps = new TokenActivationOptions { Filter = null },
        };
        IReadOnlyList<Answer> answers = model.Model.Answer(RandomModel.Image, prompt, options).Answers;
        for (int query = 0; query < answers.Count; query++)
        {
            PreparedSuffix suffix = prompt.Suffixes[query];
            IReadOnlyList<int> answer = answers[query].TokenIds;
            Assert.IsNotEmpty(answer);
            for (int token = 0; token < answer.Count; token++)
            {
                int[] ids = [.. suffix.TokenIds, .. answer.Take(token + 1)];
                PreparedSuffix read = new(
                    suffix.Query,
                    ids,
                    [
                        [ids.Length - 1],
                    ]
                )
                {
                    Question = suffix.Question,
                    AnswerTokens = token + 1,
                };
                PreparedPrompt again = new(
                    prompt.Prefix,
                    [read],
                    [QueryRow.WordMean],
                    prompt.Model,
                    new CaptureOptions { Flow = null, Observers = [new TokenActivationObserver(QueryRow.WordMean)] },
                    prompt.Layout
                );
                float[] expected = model.Shared.Capturer.Capture(model.Prepared(prompt), again, CancellationToken.None).Observations[0];
                TinyACapture.Near(expected, [.. answers[query].Tokens[token].ActivationMap], 1e-4, $"query {query}, token {token}");
            }
        }
    }

    [TestMethod]
    public void MapsAreThereWhereAskedAndFiltered()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        Answer plain = model.Model.Answer(RandomModel.Image, prompt, new AnswerOptions { MaximumTokens = 2 }).Answers[0];
        Assert.IsTrue(plain.Tokens.All(token => token.ActivationMap.Count == 0));
        Answer raw = model
            .Model.Answer(
                RandomModel.Image,
                prompt,
                new AnswerOptions
                {
                    MaximumTokens = 2,
                    ActivationMaps = new() { Filter = null },
                }
            )
            .Answers[0];
        Answer filtered = model
            .Model.Answer(RandomModel.Image, prompt, new AnswerOptions { MaximumTokens = 2, ActivationMaps = new() })
            .Answers[0];
        Answer released = model
            .Model.Answer(
                RandomModel.Image,
                prompt,
                new AnswerOptions
                {
                    MaximumTokens = 2,
                    ActivationMaps = new() { FirstTokenAsReleased = true },
                }
            )
            .Answers[0];
        CollectionAssert.AreEqual(plain.TokenIds.ToArray(), raw.TokenIds.ToArray());
        float[] expected = [.. raw.Tokens[1].ActivationMap];
        new RankGaussianFilter().Apply(expected, prompt.Grid.Height, prompt.Grid.Width);
        CollectionAssert.AreEqual(expected, filtered.Tokens[1].ActivationMap.ToArray());
        Difference.IsMoreThanRounding(filtered.Tokens[0].ActivationMap, released.Tokens[0].ActivationMap);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            model.Model.Answer(RandomModel.Image, prompt, new AnswerOptions { ActivationMaps = new() { Filter = new() { Size = 2 } } })
        );
    }
}
