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
