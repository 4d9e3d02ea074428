using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>Attention sinks against the hidden states that Hugging Face's code computes.</summary>
[TestClass]
public sealed class SinkObserverTests
{
    private static readonly GoldenData Golden = GoldenData.TinyA;

    [TestMethod]
    public void SinksShowInKnownElementsOfHiddenStates() =>
        Check(new AttentionSinkRemoval { Dimensions = [3, 17, 40], Threshold = 0.2 }, (_, _) => [3, 17, 40]);

    [TestMethod]
    public void ElementsThatAreNotKnownAreThoseOfTheFirstToken() =>
        Check(
            new AttentionSinkRemoval { FoundDimensions = 4, Threshold = 0.2 },
            (states, layer) =>
                [
                    .. Enumerable
                        .Range(0, states.Shape[2])
                        .OrderByDescending(element => Math.Abs(states.Doubles()[layer * states.Shape[1] * states.Shape[2] + element]))
                        .Take(4),
                ]
        );

    [TestMethod]
    public void AttentionToSinksOfTheTextIsRecordedWhereAsked()
    {
        AttentionSinkRemoval options = new()
        {
            Dimensions = [3, 17, 40],
            Threshold = 0.2,
            FirstLayer = 1,
            TextSinks = true,
        };
        SinkObserver observer = new(options);
        using var model = VisionLanguageModel.Load(
            Golden.Checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        PreparedPrompt prompt = model.Prepare(
            [GoldenQueries.Query(Golden.Prompt, 0)],
            GoldenQueries.Options(Golden.Prompt) with
            {
                Fit = ImageFit.Crop,
                Observers = [observer],
                FurtherRows = [QueryRow.LastPromptToken, QueryRow.WordMean],
            }
        );
        float[] recorded = model.Capture(Pictures.Decode(Golden.Image("img0_crop")), prompt).Observations[0];
        NpyFile states = Golden.Expected("img0_crop", "q0_hidden_states");
        NpyFile attention = Golden.Expected("img0_crop", "q0_attn");
        (int tokens, int width, int heads) = (states.Shape[1], states.Shape[2], attention.Shape[1]);
        double[] values = states.Doubles();
        double[] weights = attention.Doubles();
        (int start, int visual) = (Golden.Prompt.ImageStart, Golden.Prompt.ImageTokens);
        double total = 0;
        for (int row = 0; row < prompt.Rows.Count; row++)
        {
            float[] text = observer.TextSinks(recorded, prompt, model.Info.Layers, heads, query: 0, row).ToArray();
            int[] positions = [.. prompt.Suffixes[0].RowSets[row].Select(position => start + visual + position)];
            for (int layer = 0; layer < model.Info.Layers; layer++)
            {
                bool IsSink(int token)
                {
                    double[] state = values[(((layer * tokens) + token) * width)..(((layer * tokens) + token + 1) * width)];
                    return new[] { 3, 17, 40 }.Max(element => Math.Abs(state[element])) / Math.Sqrt(state.Sum(value => value * value))
                        > 0.2;
                }

                int[] sinks =
                    layer < 1 || !Enumerable.Range(start, visual).Any(IsSink)
                        ? []
                        : [.. Enumerable.Range(0, tokens).Where(token => (token < start || token >= start + visual) && IsSink(token))];
                for (int head = 0; head < heads; head++)
                {
                    double expected = positions.Average(position =>
                        sinks.Sum(sink => weights[(((((layer * heads) + head) * tokens) + position) * tokens) + sink])
                    );
                    Assert.AreEqual(expected, text[(layer * heads) + head], 1e-5, $"row {row}, layer {layer}, head {head}");
                    total += expected;
                }
            }
        }

        Assert.IsGreaterThan(0.1, total, "no text sink was there to be recorded");
        Assert.IsTrue(
            new SinkObserver(options with { TextSinks = false }).TextSinks(recorded, prompt, model.Info.Layers, heads, 0, 0).IsEmpty
        );
    }

    private static void Check(AttentionSinkRemoval options, Func<NpyFile, int, int[]> elements)
    {
        using var model = VisionLanguageModel.Load(
            Golden.Checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        PreparedPrompt prompt = model.Prepare(
            [GoldenQueries.Query(Golden.Prompt, 0)],
            GoldenQueries.Options(Golden.Prompt) with
            {
                Fit = ImageFit.Crop,
                Observers = [new SinkObserver(options)],
            }
        );
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
                Assert.AreEqual(
                    largest > options.Threshold ? 1 : 0,
                    sinks[layer * Golden.Prompt.ImageTokens + cell],
                    $"layer {layer}, cell {cell}"
                );
                found += largest > options.Threshold ? 1 : 0;
            }
        }

        Assert.IsTrue(found > 0 && found < sinks.Length, $"{found} sinks tell nothing");
    }
}
