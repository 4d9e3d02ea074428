using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Models.Generation;

[TestClass]
public sealed class TokenChooserTests
{
    private static readonly AnswerContext Nothing = new(AttentionQuery.Fine("x"), [], []);

    [TestMethod]
    public void GreedyTakesTheFirstOfTheLargest() => Assert.AreEqual(1, Choose(new AnswerSampling(), [0, 3, 3, 1]).Token);

    [TestMethod]
    public void LogProbabilitiesAreThoseOfTheModelWhateverProcessorsDo()
    {
        TokenChooser chooser = new(new AnswerSampling(), [new BarredTokens([0, -4, 99])]);
        SplitMix64 random = new(1);
        (int token, double logProbability) = chooser.Choose([2, 1, 0], Nothing, ref random);
        Assert.AreEqual(1, token);
        Assert.AreEqual(1 - Math.Log(Math.Exp(2) + Math.E + 1), logProbability, 1e-12);
    }

    [TestMethod]
    public void LargeLogitsDoNotOverflow() =>
        Assert.AreEqual(-Math.Log(2), Choose(new AnswerSampling(), [1000, 1000]).LogProbability, 1e-12);

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void OutputThatIsNotFiniteChoosesNothing(float value) => Assert.AreEqual(-1, Choose(new AnswerSampling(), [0, value, 1]).Token);

    [TestMethod]
    public void DrawsFollowTheProbabilities()
    {
        // Softmax of ln p / T with T = 1 is p itself.
        double[] probabilities = [0.5, 0.25, 0.125, 0.125];
        int[] counts = Count(new AnswerSampling { Temperature = 1 }, [.. probabilities.Select(p => (float)Math.Log(p))], 20000);
        for (int token = 0; token < probabilities.Length; token++)
        {
            Assert.AreEqual(probabilities[token], counts[token] / 20000.0, 0.015);
        }
    }

    [TestMethod]
    public void TemperatureSharpens()
    {
        // At temperature 0.5 probabilities are squared and normalized: 4/5 and 1/5 of 2/3 and 1/3.
        int[] counts = Count(new AnswerSampling { Temperature = 0.5 }, [(float)Math.Log(2), 0], 20000);
        Assert.AreEqual(0.8, counts[0] / 20000.0, 0.015);
    }

    [TestMethod]
    public void TopKKeepsTheMostProbableAndThoseAsProbableAsTheLast()
    {
        int[] counts = Count(new AnswerSampling { Temperature = 1, TopK = 2 }, [1, 5, 4, 4, 0], 2000);
        CollectionAssert.AreEqual(new[] { false, true, true, true, false }, counts.Select(count => count > 0).ToArray());
    }

    [TestMethod]
    public void TopPKeepsTheFewestThatReachIt()
    {
        // 0.5 alone reaches 0.5; 0.5 and 0.3 are needed for 0.6.
        float[] logits = [.. new[] { 0.2, 0.5, 0.3 }.Select(p => (float)Math.Log(p))];
        CollectionAssert.AreEqual(
            new[] { false, true, false },
            Count(new AnswerSampling { Temperature = 1, TopP = 0.49 }, logits, 500).Select(count => count > 0).ToArray()
        );
        CollectionAssert.AreEqual(
            new[] { false, true, true },
            Count(new AnswerSampling { Temperature = 1, TopP = 0.6 }, logits, 500).Select(count => count > 0).ToArray()
        );
        CollectionAssert.AreEqual(
            new[] { false, true, false },
            Count(new AnswerSampling { Temperature = 1, TopP = 1e-9 }, logits, 100).Select(count => count > 0).ToArray()
        );
    }

    [TestMethod]
    public void TokensThatReachTopPExactlyAreEnough() =>
        CollectionAssert.AreEqual(
            new[] { true, true, false, false },
            Count(new AnswerSampling { Temperature = 1, TopP = 0.5 }, new float[4], 500).Select(count => count > 0).ToArray()
        );

    [TestMethod]
    public void EqualLogitsAreDrawnInTheOrderOfTheirIds()
    {
        // Many equal ones, which a sort that is not stable would shuffle.
        float[] logits = new float[100];
        SplitMix64 random = new(4);
        double first = new SplitMix64(4).NextDouble();
        Assert.AreEqual(
            (int)(first * 100),
            new TokenChooser(new AnswerSampling { Temperature = 1, TopP = 0.9999999 }, []).Choose(logits, Nothing, ref random).Token
        );
    }

    [TestMethod]
    public void TheRepetitionPenaltyDividesPositiveAndMultipliesNegativeLogitsOnce()
    {
        float[] logits = [2, -2, 2, -2];
        new RepetitionPenalty(2).Process(logits, new AnswerContext(AttentionQuery.Fine("x"), [0, 0, 1, 400], [1]));
        CollectionAssert.AreEqual(new float[] { 1, -4, 2, -2 }, logits);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RepetitionPenalty(0));
    }

    /// <summary>
    /// Hugging Face's definition: a score below 0 is multiplied by the penalty, any other is divided, for every token that stands in the
    /// prompt or in the answer, once however often it stands there.
    /// </summary>
    [TestMethod]
    public void APenaltyOf105IsWorkedOutByHand()
    {
        // Tokens:       prompt     free      prompt       answer     both      free
        float[] logits = [2.1f, 2.05f, -2.0f, 0.0f, 10.5f, -0.5f];
        AnswerContext context = new(AttentionQuery.Fine("x"), [0, 2, 4, 2, 0], [3, 4]);
        new RepetitionPenalty(1.05).Process(logits, context);
        float[] byHand = [2.0f, 2.05f, -2.1f, 0.0f, 10.0f, -0.5f];
        for (int token = 0; token < logits.Length; token++)
        {
            Assert.AreEqual(byHand[token], logits[token], 1e-6f, $"token {token}");
        }
    }

    [TestMethod]
    public void ThePenaltyTurnsAGreedyChoiceAndLeavesItsLogProbability()
    {
        // Token 0 stands in the prompt: 2.1 becomes 2.0, less than the 2.05 of token 1.
        float[] logits = [2.1f, 2.05f, -4];
        AnswerContext context = new(AttentionQuery.Fine("x"), [0], []);
        SplitMix64 random = new(1);
        (int token, double logProbability) = new TokenChooser(new AnswerSampling { RepetitionPenalty = 1.05 }, []).Choose(
            logits,
            context,
            ref random
        );
        Assert.AreEqual(1, token);

        // Of the logits as the model gave them: 2.05 - ln(e^2.1 + e^2.05 + e^-4).
        Assert.AreEqual(-0.719608, logProbability, 1e-6);
        Assert.AreEqual(0, new TokenChooser(new AnswerSampling(), []).Choose(logits, context, ref random).Token);

        // So where the token that is taken was penalized itself.
        context = new(AttentionQuery.Fine("x"), [0], [1]);
        (token, logProbability) = new TokenChooser(new AnswerSampling { RepetitionPenalty = 1.05 }, []).Choose(logits, context, ref random);
        Assert.AreEqual(0, token);
        Assert.AreEqual(-0.669608, logProbability, 1e-6);
    }

    [TestMethod]
    public void PenaltyTemperatureTopKAndTopPActInThisOrder()
    {
        // After the penalty of 2 on tokens 0 and 3 [ln 8, ln 6, ln 3, ln 2, ln 1]; temperature 0.5 squares: 64, 36, 9, 4, 1.
        // The three largest are 64, 36, 9, together 109: 0.587, 0.330, 0.083. Top-p 0.9 takes the first two, as 0.587 is less; of all five
        // tokens (114) 64 + 36 would be 0.877, and a third would be taken.
        float[] logits =
        [
            .. new[] { 2 * Math.Log(8), Math.Log(6), Math.Log(3), 2 * Math.Log(2), Math.Log(1) }.Select(value => (float)value),
        ];
        AnswerSampling sampling = new()
        {
            RepetitionPenalty = 2,
            Temperature = 0.5,
            TopK = 3,
            TopP = 0.9,
        };
        TokenChooser chooser = new(sampling, []);
        AnswerContext context = new(AttentionQuery.Fine("x"), [0], [3]);
        SplitMix64 random = new(7);
        int[] counts = new int[logits.Length];
        for (int draw = 0; draw < 4000; draw++)
        {
            counts[chooser.Choose(logits, context, ref random).Token]++;
        }

        CollectionAssert.AreEqual(new[] { 0, 0, 0 }, counts[2..]);

        // 64 of 100; five standard deviations of a share of 4000 draws.
        Assert.AreEqual(0.64, counts[0] / 4000.0, 5 * Math.Sqrt(0.64 * 0.36 / 4000));
    }

    private static (int Token, double LogProbability) Choose(AnswerSampling sampling, float[] logits)
    {
        SplitMix64 random = new(1);
        return new TokenChooser(sampling, []).Choose(logits, Nothing, ref random);
    }

    private static int[] Count(AnswerSampling sampling, float[] logits, int draws)
    {
        TokenChooser chooser = new(sampling, []);
        SplitMix64 random = new(7);
        int[] counts = new int[logits.Length];
        for (int draw = 0; draw < draws; draw++)
        {
            counts[chooser.Choose(logits, Nothing, ref random).Token]++;
        }

        return counts;
    }
}
