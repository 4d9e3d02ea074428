using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>Attention sinks against the hidden states that Hugging Face's code computes.</summary>
[TestClass]
public sealed class SinkObserverTests
{
    private static readonly GoldenData Golden = GoldenData.TinyA;

    [TestMethod]
    public void SinksShowInKnownElementsOfHiddenStates() => Check(new AttentionSinkRemoval { Dimensions = [3, 17, 40], Threshold = 0.2 }, (_, _) => [3, 17, 40]);

    [TestMethod]
    public void ElementsThatAreNotKnownAreThoseOfTheFirstToken() => Check(
        new AttentionSinkRemoval { FoundDimensions = 4, Threshold = 0.2 },
        (states, layer) => [.. Enumerable.Range(0, states.Shape[2]).OrderByDescending(element => Math.Abs(states.Doubles()[layer * states.Shape[1] * states.Shape[2] + element])).Take(4)]);

    private static void Check(AttentionSinkRemoval options, Func<NpyFile, int, int[]> elements)
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(Golden.Checkpoint, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 });
        PreparedPrompt prompt = model.Prepare(
            [GoldenQueries.Query(Golden.Prompt, 0)], GoldenQueries.Options(Golden.Prompt) with { Fit = ImageFit.Crop, Observers = [new SinkObserver(options)] });
        float[] sinks = model.Capture(Pictures.Decode(Golden.Image("img0_crop")), prompt).Observations[0];
        NpyFile states = Golden.Expected("img0_crop", "q0_hidden_states");
        (int tokens, int width) = (states.Shape[1], states.Shape[2]);
        double[] values = states.Doubles();
        int found = 0;
        for (int layer = 0; layer < model.Info.Layers; layer++)
        {
            int[] known = elements(states, layer);
            for (int cell = 0; cell < Golden.Prompt.ImageTokens; cell++)
            {
                ReadOnlySpan<double> state = values.AsSpan((layer * tokens + Golden.Prompt.ImageStart + cell) * width, width);
                double norm = 0;
                foreach (double value in state)
                {
                    norm += value * value;
                }

                double largest = 0;
                foreach (int element in known)
                {
                    largest = Math.Max(largest, Math.Abs(state[element]) / Math.Sqrt(norm));
                }

                Assert.IsGreaterThan(1e-4, Math.Abs(largest - options.Threshold), "too close to tell");
                Assert.AreEqual(largest > options.Threshold ? 1 : 0, sinks[layer * Golden.Prompt.ImageTokens + cell], $"layer {layer}, cell {cell}");
                found += largest > options.Threshold ? 1 : 0;
            }
        }

        Assert.IsTrue(found > 0 && found < sinks.Length, $"{found} sinks tell nothing");
    }
}
