using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Generation;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Attention to a given box, raised or masked off, of all heads or of chosen ones, against scores that are edited by hand.
/// </summary>
[TestClass]
public sealed class SteeringTests
{
    private const float Tolerance = 2e-5f;

    // Touches the second and third of four cells in the second column.
    private static readonly ImageBox Box = new(15, 20, 10, 16);
    private static readonly int[] BoxCells = [5, 9];

    private static readonly AttentionHead[] Chosen = [new(0, 3), new(2, 0), new(2, 7)];

    private static LlavaShape Shape => RandomModel.Shape;

    [TestMethod]
    public void AHiddenBoxGetsExactlyNoAttention()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AttentionCapture plain = model.Model.Capture(RandomModel.Image, prompt);
        AttentionCapture hidden = model.Model.Capture(RandomModel.Image, prompt.WithAmplification(AttentionAmplification.Hiding(Box)));
        CollectionAssert.AreEqual(BoxCells, Marked(hidden.AmplifiedCells));
        // Heads of random weights that look at one token alone give 0 to others too.
        int rows = hidden.FineAttention.Length / Shape.VisualTokens;
        (int before, int after) = (0, 0);
        for (int row = 0; row < rows; row++)
        {
            int first = row * Shape.VisualTokens;
            Assert.IsTrue(BoxCells.All(cell => hidden.FineAttention[first + cell] == 0), $"row {row}");
            before += BoxCells.Any(cell => plain.FineAttention[first + cell] > 0) ? 1 : 0;
            after += hidden.FineAttention.AsSpan(first, Shape.VisualTokens).ContainsAnyExcept(0f) ? 1 : 0;
        }

        Assert.IsGreaterThan(rows / 2, before);
        Assert.IsGreaterThan(rows / 2, after);
        CollectionAssert.AreEqual(plain.CoarseAttention, hidden.CoarseAttention);
        ImageAnswers answers = model.Model.Answer(
            RandomModel.Image,
            prompt.WithAmplification(AttentionAmplification.Hiding(Box)),
            new AnswerOptions { MaximumTokens = 3, Maps = true }
        );
        foreach (
            AnswerToken token in answers.Answers.Where(answer => answer.Query.Role == QueryRole.Fine).SelectMany(answer => answer.Tokens)
        )
        {
            Assert.IsTrue(Enumerable.Range(0, token.Map.Count).All(cell => BoxCells.Contains(cell) == (token.Map[cell] == 0)));
        }
    }

    [TestMethod]
    public void ABiasOfZeroInABoxOrOfChosenHeadsChangesNoBit()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt(new CaptureOptions { SuffixLogits = true });
        AttentionCapture plain = model.Model.Capture(RandomModel.Image, prompt);
        AnswerOptions answering = new() { MaximumTokens = 4, Maps = true };
        double[] logarithms = Logarithms(model.Model.Answer(RandomModel.Image, prompt, answering));
        foreach (IReadOnlyList<AttentionHead>? heads in (IReadOnlyList<AttentionHead>?[])[null, Chosen])
        {
            PreparedPrompt zero = prompt.WithAmplification(
                new AttentionAmplification
                {
                    Bias = 0,
                    Box = Box,
                    Heads = heads,
                    FirstLayerDepth = 0,
                }
            );
            TinyACapture.AssertEqual(plain, model.Model.Capture(RandomModel.Image, zero));
            CollectionAssert.AreEqual(logarithms, Logarithms(model.Model.Answer(RandomModel.Image, zero, answering)));
        }
    }

    [TestMethod]
    [DataRow(1.5, false)]
    [DataRow(-2.0, false)]
    [DataRow(double.NegativeInfinity, false)]
    [DataRow(3.0, true)]
    [DataRow(double.NegativeInfinity, true)]
    public void CaptureAnswersAndGivenAnswersAreThoseOfScoresEditedByHand(double bias, bool chosenHeads)
    {
        using RandomModel model = new();
        AttentionAmplification amplification = new()
        {
            Bias = bias,
            Box = Box,
            FirstLayerDepth = 0.34,
            Heads = chosenHeads ? Chosen : null,
        };
        PreparedPrompt prompt = model.Prompt(new CaptureOptions { SuffixLogits = true }).WithAmplification(amplification);
        AttentionCapture capture = model.Model.Capture(RandomModel.Image, prompt);
        ImageAnswers answers = model.Model.Answer(RandomModel.Image, prompt, new AnswerOptions { MaximumTokens = 3 });
        int mapLength = Shape.TextLayers * Shape.TextHeads * Shape.VisualTokens;
        int fine = 0;
        for (int query = 0; query < prompt.Suffixes.Count; query++)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            PreparedSuffix suffix = prompt.Suffixes[query];
            bool isFine = suffix.Query.Role == QueryRole.Fine;
            int[] answer = [.. answers.Answers[query].TokenIds];
            (Tensor[] attention, Tensor logits) = EagerTwin.Run(
                model.Shared.Network,
                model.Shared.Info,
                model.Prepared(prompt),
                prompt.Prefix,
                [.. suffix.TokenIds, .. answer],
                edit: isFine ? (layer, scores) => Edit(layer, scores, prompt.Prefix.Count, amplification) : null
            );
            int first = prompt.Prefix.Count + Shape.VisualTokens;
            TinyACapture.Near(
                logits.narrow(0, first, suffix.TokenIds.Count).ToFloats(),
                capture.SuffixLogits[query],
                20 * Tolerance,
                $"logits of query {query}"
            );
            double[][] given = model.Model.LogProbabilities([model.Prepared(prompt)], prompt, [(query, answer)], CancellationToken.None)[0];
            for (int token = 0; token < answer.Length; token++)
            {
                float[] row = logits[first + suffix.TokenIds.Count - 1 + token].ToFloats();
                double expected = row[answer[token]] - TokenChooser.LogOfSum(row);
                Assert.AreEqual(Array.IndexOf(row, row.Max()), answer[token]);
                Assert.AreEqual(expected, answers.Answers[query].Tokens[token].LogProbability, 20 * Tolerance);
                Assert.AreEqual(expected, given[0][token], 20 * Tolerance);
            }

            if (isFine)
            {
                Tensor rows = tensor([.. suffix.Rows.Select(row => (long)(first + row))]);
                Tensor maps = stack([
                    .. attention.Select(layer => layer.index_select(1, rows).mean([1]).narrow(1, prompt.Prefix.Count, Shape.VisualTokens)),
                ]);
                TinyACapture.Near(
                    maps.ToFloats(),
                    capture.FineAttention.AsSpan(mapLength * fine++, mapLength),
                    Tolerance,
                    $"maps of query {query}"
                );
            }
        }

        Assert.AreEqual(3, fine);
    }

    [TestMethod]
    public void ObserversSeeTheChosenHeadsOfAnyOrder()
    {
        using RandomModel model = new();
        HeadObserver observer = new();
        PreparedPrompt prompt = model
            .Prompt(new CaptureOptions { Observers = [observer] })
            .WithAmplification(
                new AttentionAmplification
                {
                    Bias = double.NegativeInfinity,
                    Box = Box,
                    Heads = Chosen,
                }
            );
        model.Model.Capture(RandomModel.Image, prompt);
        Assert.AreEqual(Shape.TextLayers, observer.Layers);
        Assert.IsGreaterThan(1, observer.Seen, "heads that were not chosen look at the box");
    }

    [TestMethod]
    public void ABoxNeedsNoCoarseQueryAndImagesAreScoredTogether()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Model.Prepare(
            [AttentionQuery.Fine("beak")],
            new CaptureOptions { Amplification = AttentionAmplification.Hiding(Box) }
        );
        PreparedImage[] images =
        [
            model.Prepared(prompt),
            model.Shared.Images.Prepare(
                new RgbImage(56, 56, [.. RandomModel.Image.Pixels.ToArray().Select(value => (byte)(255 - value))]),
                prompt.Images,
                CancellationToken.None
            ),
        ];
        double[][][] together = model.Model.LogProbabilities(images, prompt, [(0, [5, 7])], CancellationToken.None);
        for (int image = 0; image < images.Length; image++)
        {
            double[][] alone = model.Model.LogProbabilities([images[image]], prompt, [(0, [5, 7])], CancellationToken.None)[0];
            Assert.AreEqual(alone[0][0], together[image][0][0], 1e-5);
            Assert.AreEqual(alone[0][1], together[image][0][1], 1e-5);
        }

        Assert.AreNotEqual(together[0][0][0], together[1][0][0]);
    }

    [TestMethod]
    public void WhatCannotBeIsRefused()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        AttentionAmplification boxed = new() { Box = Box };
        foreach (
            (AttentionAmplification wrong, string named) in ((AttentionAmplification, string)[])
                [
                    (boxed with { Bias = double.PositiveInfinity }, nameof(AttentionAmplification.Bias)),
                    (boxed with { Bias = double.NaN }, nameof(AttentionAmplification.Bias)),
                    (boxed with { Box = new ImageBox(0, 0, 0, 5) }, nameof(AttentionAmplification.Box)),
                    (boxed with { Box = new ImageBox(double.NaN, 0, 1, 5) }, nameof(AttentionAmplification.Box)),
                    (boxed with { Heads = [] }, nameof(AttentionAmplification.Heads)),
                    (boxed with { Heads = [new(0, 8)] }, "head 8 of layer 0"),
                    (boxed with { Heads = [new(3, 0)] }, "layer 3"),
                    (boxed with { Heads = [new(-1, 0)] }, "layer -1"),
                ]
        )
        {
            Assert.Contains(named, Assert.Throws<ArgumentException>(() => prompt.WithAmplification(wrong)).Message);
            Assert.Contains(
                named,
                Assert.Throws<ArgumentException>(() => model.Prompt(new CaptureOptions { Amplification = wrong })).Message
            );
        }

        PreparedPrompt fineOnly = model.Model.Prepare([AttentionQuery.Fine("beak")]);
        Assert.Contains(
            "coarse query",
            Assert.ThrowsExactly<ArgumentException>(() => fineOnly.WithAmplification(new AttentionAmplification())).Message
        );
        Assert.Contains(
            "56 x 56",
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    model.Model.Capture(
                        RandomModel.Image,
                        prompt.WithAmplification(AttentionAmplification.Hiding(new ImageBox(56, 0, 4, 4)))
                    )
                )
                .Message
        );
        Assert.IsNull(prompt.WithAmplification(boxed).WithAmplification(null).Options.Amplification);
    }

    /// <summary>What the options say, element by element.</summary>
    private static void Edit(int layer, Tensor scores, int imageStart, AttentionAmplification amplification)
    {
        for (int head = 0; head < Shape.TextHeads; head++)
        {
            bool amplified = amplification.Heads is { } heads
                ? heads.Any(each => each.Layer == layer && each.Head == head)
                : layer >= (int)(amplification.FirstLayerDepth * Shape.TextLayers);
            for (long row = imageStart + Shape.VisualTokens; row < scores.shape[1] && amplified; row++)
            {
                foreach (int cell in BoxCells)
                {
                    scores[head, row, imageStart + cell] = scores[head, row, imageStart + cell].item<float>() + (float)amplification.Bias;
                }
            }
        }
    }

    private static int[] Marked(IReadOnlyList<bool> cells) => [.. Enumerable.Range(0, cells.Count).Where(cell => cells[cell])];

    private static double[] Logarithms(ImageAnswers answers) =>
        [.. answers.Answers.SelectMany(answer => answer.Tokens).Select(token => token.LogProbability)];

    /// <summary>Reads heads in an order of its own.</summary>
    private sealed class HeadObserver : ILayerObserver
    {
        public int Layers { get; private set; }

        public int Seen { get; private set; }

        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(this);

        private sealed class Recorder(HeadObserver owner) : ILayerRecorder
        {
            public void Observe(LayerAttention attention)
            {
                int[] heads = [7, 3, 0];
                using DisposeScope scope = NewDisposeScope();
                Tensor some = attention.Probabilities(0, heads);
                Tensor all = attention.Probabilities(0);
                for (int index = 0; index < heads.Length; index++)
                {
                    TinyACapture.Near(some[index].ToFloats(), all[heads[index]].ToFloats(), 1e-6, $"head {heads[index]}");
                    float last = all[heads[index], -1, attention.ImageStart + BoxCells[0]].item<float>();
                    Assert.IsTrue(last == 0 || !Chosen.Contains(new AttentionHead(attention.Layer, heads[index])));
                    owner.Seen += last > 0 ? 1 : 0;
                }

                owner.Layers++;
            }

            public float[] Complete() => [];
        }
    }
}
