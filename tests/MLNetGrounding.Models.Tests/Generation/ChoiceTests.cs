using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Generation;

[TestClass]
public sealed class ChoiceTests
{
    [TestMethod]
    public void ChoicesHaveTheProbabilitiesThatGenerationGivesTheirTokens()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        string[] choices = ["beak", "tail of the bird", "wing"];
        IReadOnlyList<IReadOnlyList<int>> tokens = model.Model.ChoiceTokens(choices, own: null);
        Assert.IsGreaterThan(1, tokens[1].Count);
        IReadOnlyList<IReadOnlyList<double>> probabilities = model.Model.ChoiceProbabilities(RandomModel.Image, prompt, choices);
        Assert.HasCount(prompt.Queries.Count, probabilities);
        for (int choice = 0; choice < choices.Length; choice++)
        {
            // The choice's tokens are the only ones that may be chosen.
            AnswerOptions options = new() { MaximumTokens = tokens[choice].Count, Processors = [new Forced(tokens[choice])] };
            ImageAnswers answers = model.Model.Answer(RandomModel.Image, prompt, options);
            for (int query = 0; query < prompt.Queries.Count; query++)
            {
                CollectionAssert.AreEqual(tokens[choice].ToArray(), answers.Answers[query].TokenIds.ToArray());
                Assert.AreEqual(
                    answers.Answers[query].Tokens.Sum(token => token.LogProbability),
                    Math.Log(probabilities[query][choice]),
                    1e-4
                );
            }
        }
    }

    [TestMethod]
    public void AllTokensTogetherHaveProbabilityOne()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        int[][] all = [.. Enumerable.Range(0, RandomModel.VocabularySize).Select(id => new[] { id })];
        double[][] probabilities = model.Model.ChoiceProbabilities(
            model.Prepared(prompt),
            model.Model.Prepare([prompt.Queries[0]]),
            all,
            CancellationToken.None
        );
        Assert.AreEqual(1, probabilities[0].Sum(), 1e-4);
    }

    [TestMethod]
    public void SeveralImagesAtATimeGiveWhatEachGivesAlone()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        (int, IReadOnlyList<int>)[] answers = [(0, [3, 4, 5]), (2, [RandomModel.ImageTokenId])];
        byte[] inverted = Array.ConvertAll(RandomModel.Image.Pixels.ToArray(), level => (byte)(255 - level));
        PreparedImage[] images =
        [
            model.Prepared(prompt),
            model.Shared.Images.Prepare(new RgbImage(56, 56, inverted), prompt.Images, CancellationToken.None),
        ];
        double[][][] together = model.Model.LogProbabilities(images, prompt, answers, CancellationToken.None);
        Difference.IsMoreThanRounding([(float)together[0][0][0]], [(float)together[1][0][0]]);
        for (int image = 0; image < images.Length; image++)
        {
            double[][] alone = model.Model.LogProbabilities([images[image]], prompt, answers, CancellationToken.None)[0];
            for (int answer = 0; answer < answers.Length; answer++)
            {
                for (int token = 0; token < alone[answer].Length; token++)
                {
                    Assert.AreEqual(alone[answer][token], together[image][answer][token], 1e-5);
                }
            }
        }
    }

    [TestMethod]
    public void AmplificationChangesChoicesAsItChangesAnswers()
    {
        using RandomModel model = new();
        AttentionAmplification amplification = new() { Bias = 3, MaskThreshold = 0.5 };
        PreparedPrompt amplified = model.Prompt(new CaptureOptions { Amplification = amplification });
        string[] choices = ["beak of the bird"];
        IReadOnlyList<int> tokens = model.Model.ChoiceTokens(choices, own: null)[0];
        ImageAnswers answers = model.Model.Answer(
            RandomModel.Image,
            amplified,
            new AnswerOptions { MaximumTokens = tokens.Count, Processors = [new Forced(tokens)] }
        );
        IReadOnlyList<IReadOnlyList<double>> plain = model.Model.ChoiceProbabilities(RandomModel.Image, model.Prompt(), choices);
        IReadOnlyList<IReadOnlyList<double>> probabilities = model.Model.ChoiceProbabilities(RandomModel.Image, amplified, choices);
        for (int query = 0; query < amplified.Queries.Count; query++)
        {
            Assert.AreEqual(answers.Answers[query].Tokens.Sum(token => token.LogProbability), Math.Log(probabilities[query][0]), 1e-4);
            bool isFine = amplified.Queries[query].Role == QueryRole.Fine;
            Assert.AreEqual(isFine, Math.Abs(Math.Log(plain[query][0] / probabilities[query][0])) > 1e-5, amplified.Queries[query].Name);
        }
    }

    [TestMethod]
    public void AnswersFollowThePromptAsModelsWriteThem()
    {
        // A prompt that ends in white space is followed directly; one that ends in a sign by a space.
        TextTokenizer sentencePiece = new Lazy<TextTokenizer>(() =>
        {
            using RandomModel model = new();
            return model.Shared.Tokenizer!;
        }).Value;
        int[] first = [.. new AnswerTokenizer(sentencePiece, "USER: <image>\n{question} ASSISTANT:").Encode("beak")];
        CollectionAssert.AreEqual(new[] { sentencePiece.IdOf("▁beak")!.Value }, first);
        CollectionAssert.AreEqual(
            first,
            new AnswerTokenizer(sentencePiece, "USER: <image>\n{question} ASSISTANT:").Encode(" beak").ToArray()
        );
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("  ")]
    public void AnEmptyChoiceIsRefused(string choice)
    {
        using RandomModel model = new();
        Assert.ThrowsExactly<ArgumentException>(() => model.Model.ChoiceProbabilities(RandomModel.Image, model.Prompt(), ["beak", choice]));
        Assert.ThrowsExactly<ArgumentException>(() => model.Model.ChoiceProbabilities(RandomModel.Image, model.Prompt(), []));
    }

    private sealed class Forced(IReadOnlyList<int> tokens) : ILogitsProcessor
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
