using MLNetGrounding.Maths.Activation;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>Token activation maps that come with a capture, against whole logits of every token.</summary>
[TestClass]
public sealed class TokenActivationTests
{
    private static readonly GoldenData Golden = GoldenData.TinyA;

    [TestMethod]
    public void AWordsMapIsTheMeanOfItsTokensMaps()
    {
        using var model = VisionLanguageModel.Load(
            Golden.Checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        int[] fine = Golden.Prompt.FineQueries;

        // Token ids have no template: all of them are the question. A word of two tokens, and one of one.
        AttentionQuery[] queries =
        [
            GoldenQueries.Query(Golden.Prompt, fine[0]) with
            {
                TokenPositions = [2, 3],
            },
            GoldenQueries.Query(Golden.Prompt, fine[1]) with
            {
                TokenPositions = [4],
            },
        ];
        CaptureOptions options = GoldenQueries.Options(Golden.Prompt) with
        {
            Fit = ImageFit.Crop,
            Row = QueryRow.WordMean,
            SuffixLogits = true,
            Observers = [new TokenActivationObserver(QueryRow.WordMean)],
        };
        AttentionCapture capture = model.Capture(Pictures.Decode(Golden.Image("img0_crop")), model.Prepare(queries, options));
        int cells = Golden.Prompt.ImageTokens;

        // Causal: the visual tokens do not see the question.
        for (int query = 0; query < queries.Length; query++)
        {
            PreparedSuffix suffix = capture.Prompt.Suffixes[query];
            float[] own = capture.SuffixLogits[query];
            float[] visual = VisualLogits(model);
            int vocabulary = model.Info.VocabularySize;
            int[] ids = [.. suffix.TokenIds];
            int[] classes = [.. ids];
            classes[0] = Array.IndexOf(own[..vocabulary], own[..vocabulary].Max());
            TokenActivation activation = new(cells);
            float[] mean = new float[cells];
            for (int token = 0; token < ids.Length; token++)
            {
                float[] text = [.. Enumerable.Range(0, ids.Length).Select(place => own[(place * vocabulary) + classes[token]])];
                double[] map = activation.Next(
                    [.. Enumerable.Range(0, cells).Select(cell => visual[(cell * vocabulary) + classes[token]])],
                    text,
                    ids[token]
                );
                float[] scaled = new float[cells];
                TokenActivation.Scale(map, text, scaled);
                for (int cell = 0; cell < cells && suffix.Rows.Contains(token); cell++)
                {
                    mean[cell] += scaled[cell] / suffix.Rows.Count;
                }
            }

            TinyACapture.Near(mean, [.. capture.Observations[0].AsSpan(query * cells, cells)], 1e-4, queries[query].Name);
        }
    }

    [TestMethod]
    public void FewerLayersAreRefused()
    {
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() =>
            TinyACapture.Run(
                Golden.Checkpoint,
                change: options => options with { Layers = 2, Observers = [new TokenActivationObserver(QueryRow.WordMean)] }
            )
        );
        StringAssert.Contains(refused.Message, "all 4 layers");
    }

    /// <summary>The logits of every visual token, <c>[cells, vocabulary]</c>.</summary>
    private static float[] VisualLogits(VisionLanguageModel model)
    {
        StateObserver states = new(Golden.Prompt.ImageStart, Golden.Prompt.ImageTokens);
        model.Capture(
            Pictures.Decode(Golden.Image("img0_crop")),
            model.Prepare(
                [GoldenQueries.Query(Golden.Prompt, 0)],
                GoldenQueries.Options(Golden.Prompt) with
                {
                    Fit = ImageFit.Crop,
                    Observers = [states],
                }
            )
        );
        return states.Logits;
    }
}
