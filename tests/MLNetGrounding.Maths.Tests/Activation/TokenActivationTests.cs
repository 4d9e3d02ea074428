namespace MLNetGrounding.Maths.Activation;

[TestClass]
public sealed class TokenActivationTests
{
    private const int Cells = 12;

    [TestMethod]
    public void TheFirstTokensMapIsItsPositiveLogits()
    {
        float[] logits = [1, -2, 0, 3, 0, 0, 0, 0, 0, 0, 0, -1];
        CollectionAssert.AreEqual(
            logits.Select(value => (double)Math.Max(0, value)).ToArray(),
            new TokenActivation(Cells).Next(logits, [5], 0)
        );
    }

    [TestMethod]
    public void MapsLoseWhatTheEarlierOnesHaveInCommonWithThem()
    {
        var random = new Random(9);
        TokenActivation activation = new(Cells);
        List<float[]> raw = [];
        List<int> words = [];
        for (int token = 0; token < 12; token++)
        {
            float[] visual = Logits(random, Cells);
            float[] text = Logits(random, 14);
            int word = random.Next(4);
            double[] map = activation.Next(visual, text, word);
            float[] positive = [.. visual.Select(value => Math.Max(0, value))];
            int[] others = [.. Enumerable.Range(0, token).Where(earlier => words[earlier] != word)];
            double sum = others.Sum(earlier => (double)Math.Max(0, text[earlier])) + 1e-8;
            double[] interference =
            [
                .. Enumerable.Range(0, Cells).Select(cell => others.Sum(earlier => Math.Max(0, text[earlier]) / sum * raw[earlier][cell])),
            ];
            double scale = interference.Sum(value => value * value) is > 0 and var square
                ? interference.Zip(positive, (a, b) => a * b).Sum() / square
                : 0;
            for (int cell = 0; cell < Cells; cell++)
            {
                Assert.AreEqual(Math.Max(0, positive[cell] - scale * interference[cell]), map[cell], 1e-9);
            }
            raw.Add(positive);
            words.Add(word);
        }
    }

    [TestMethod]
    public void TheSameWordAgainDoesNotInterfere()
    {
        TokenActivation activation = new(Cells);
        float[] logits = [.. Enumerable.Range(1, Cells).Select(cell => (float)cell)];
        activation.Next(logits, [1], 7);
        CollectionAssert.AreEqual(logits.Select(value => (double)value).ToArray(), activation.Next(logits, [1, 1], 7));
        Assert.IsTrue(activation.Next(logits, [1, 1, 1], 8).All(value => value < 1e-6), "another word that looks the same leaves nothing");
    }

    [TestMethod]
    public void PictureAndTextAreScaledTogether()
    {
        float[] scaled = new float[3];
        TokenActivation.Scale([1, 2, 5], [9, -4], scaled);
        CollectionAssert.AreEqual(new[] { 1 / 9f, 2 / 9f, 5 / 9f }, scaled, "a negative logit of the text counts as 0");
        TokenActivation.Scale([1, 2, 5], [], scaled);
        CollectionAssert.AreEqual(new[] { 0, 0.25f, 1 }, scaled);
        TokenActivation.Scale([0, 0, 0], [-1], scaled);
        CollectionAssert.AreEqual(new float[3], scaled, "nothing positive anywhere is no division by zero");
    }

    [TestMethod]
    public void TextThatIsTooShortIsRefused()
    {
        TokenActivation activation = new(Cells);
        activation.Next(new float[Cells], [], 0);
        Assert.AreEqual("text", Assert.ThrowsExactly<ArgumentException>(() => activation.Next(new float[Cells], [], 1)).ParamName);
    }

    private static float[] Logits(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 10 * random.NextSingle() - 4)];
}
