using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Attention that is amplified inside the model, on the tiny golden checkpoint: 4 layers of 4 heads.</summary>
[TestClass]
public sealed class AmplificationTests
{
    private const int Layers = 4;
    private const int Heads = 4;
    private const int Cells = 16;
    private const int FirstLayer = 2;

    private static readonly GoldenPrompt Prompt = GoldenData.TinyA.Prompt;

    // The mask of random weights is flat; half of its range takes in some cells and leaves others.
    private static readonly AttentionAmplification Amplification = new() { MaskThreshold = 0.5 };

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        AttentionAmplification options = new();
        Assert.AreEqual(1, options.Bias);
        Assert.AreEqual(0.5, options.FirstLayerDepth);
        Assert.AreEqual(0.25, options.MaskThreshold);
        Assert.AreEqual(new CoarseFlowOptions(), options.Flow);
        Assert.AreEqual(new RolloutOptions(), options.Rollout);
        Assert.IsNull(new CaptureOptions().Amplification);
    }

    [TestMethod]
    public void LayersThatAreNotRunCannotBeAmplified()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() =>
            TinyACapture.Run(
                GoldenData.TinyA.Checkpoint,
                change: options => options with { Layers = 2, SuffixLogits = false, Amplification = Amplification }
            )
        );
        StringAssert.Contains(error.Message, nameof(AttentionAmplification.FirstLayerDepth));
    }

    [TestMethod]
    public void ABiasThatFloat32DoesNotHoldIsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Capture(Amplification with { Bias = 1e39 }));

    [TestMethod]
    public void ABiasOfZeroChangesNothingToTheLastBit() =>
        TinyACapture.AssertEqual(
            TinyACapture.Run(GoldenData.TinyA.Checkpoint),
            Capture(Amplification with { Bias = 0, FirstLayerDepth = 0 })
        );

    [TestMethod]
    public void AttentionUnderTheMaskRisesWithTheBias()
    {
        double[][] masses = Array.ConvertAll([-2.0, -0.5, 0, 0.5, 1, 2, 4, 8], bias => Masses(Capture(Amplification with { Bias = bias })));
        for (int row = 0; row < masses[0].Length; row++)
        {
            for (int index = 1; index < masses.Length; index++)
            {
                Assert.IsGreaterThan(masses[index - 1][row], masses[index][row], $"row {row}, bias number {index}");
            }
        }
    }

    [TestMethod]
    public void TheFirstAmplifiedLayerIsTheSoftmaxOfRaisedScores()
    {
        // Raising the scores of a set by b multiplies its weights by e^b; the sum of all becomes 1 + M (e^b - 1), M the set's weight
        // before.
        AttentionCapture plain = TinyACapture.Run(GoldenData.TinyA.Checkpoint);
        AttentionCapture amplified = Capture(Amplification with { Bias = 1.5 });
        Assert.IsTrue(amplified.AmplifiedCells.Contains(true) && amplified.AmplifiedCells.Contains(false), "the mask says nothing");
        for (int row = 0; row < plain.FineAttention.Length / Cells; row++)
        {
            int layer = row / Heads % Layers;
            ReadOnlySpan<float> before = plain.FineAttention.AsSpan(row * Cells, Cells);
            ReadOnlySpan<float> after = amplified.FineAttention.AsSpan(row * Cells, Cells);
            if (layer < FirstLayer)
            {
                Assert.IsTrue(before.SequenceEqual(after), $"layer {layer} lies before the first amplified one");
            }
            else if (layer == FirstLayer)
            {
                double mass = 0;
                for (int cell = 0; cell < Cells; cell++)
                {
                    mass += amplified.AmplifiedCells[cell] ? before[cell] : 0;
                }

                for (int cell = 0; cell < Cells; cell++)
                {
                    double expected =
                        before[cell] * (amplified.AmplifiedCells[cell] ? Math.Exp(1.5) : 1) / (1 + mass * (Math.Exp(1.5) - 1));
                    Assert.AreEqual(expected, after[cell], 1e-6, $"row {row}, cell {cell}");
                }
            }
        }
    }

    [TestMethod]
    public void TheMaskIsTheRolloutsAndTheCoarseWordIsLeftAlone()
    {
        AttentionCapture plain = TinyACapture.Run(GoldenData.TinyA.Checkpoint);
        AttentionCapture amplified = Capture(Amplification with { Bias = 3 });
        float[] mask = new float[Cells];
        CoarseRollout.TokenMask(
            plain.CoarseFlow,
            plain.FlowRowSums,
            Layers,
            plain.Prompt.FlowTokens,
            [.. plain.Prompt.CoarsePositions],
            new RolloutOptions(),
            mask
        );
        bool[] region = new bool[Cells];
        Region.Threshold(mask, Amplification.MaskThreshold, region);
        CollectionAssert.AreEqual(region, amplified.AmplifiedCells.ToArray());
        CollectionAssert.AreEqual(plain.CoarseAttention, amplified.CoarseAttention);
        CollectionAssert.AreEqual(plain.CoarseFlow, amplified.CoarseFlow);
        Difference.IsMoreThanRounding(plain.SuffixLogits[1], amplified.SuffixLogits[1], "the answer is another");
        CollectionAssert.AreEqual(plain.SuffixLogits[Prompt.CoarseQuery], amplified.SuffixLogits[Prompt.CoarseQuery]);
    }

    [TestMethod]
    public void ObserversSeeTheAmplifiedAttention()
    {
        RowObserver observer = new();
        _ = TinyACapture.Run(
            GoldenData.TinyA.Checkpoint,
            change: options => options with { Amplification = Amplification with { Bias = 2 }, Observers = [observer] }
        );
        Assert.AreEqual(Layers, observer.Layers);
    }

    [TestMethod]
    public void WithoutACoarseQueryThereIsNothingToAmplify()
    {
        AttentionQuery fine = GoldenQueries.Query(Prompt, Prompt.FineQueries[0]);
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    TinyACapture.Run(
                        GoldenData.TinyA.Checkpoint,
                        change: options => options with { Amplification = Amplification },
                        queries: [fine]
                    )
                )
                .Message,
            "coarse query"
        );
        foreach (
            AttentionAmplification wrong in new[]
            {
                Amplification with
                {
                    Bias = double.NaN,
                },
                Amplification with
                {
                    FirstLayerDepth = 2,
                },
                Amplification with
                {
                    MaskThreshold = -1,
                },
            }
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Capture(wrong));
        }
    }

    private static AttentionCapture Capture(AttentionAmplification amplification) =>
        TinyACapture.Run(GoldenData.TinyA.Checkpoint, change: options => options with { Amplification = amplification });

    /// <summary>Attention under the mask of every fine query and head of the first amplified layer.</summary>
    private static double[] Masses(AttentionCapture capture) =>
        [
            .. from row in Enumerable.Range(0, capture.FineAttention.Length / Cells)
            where row / Heads % Layers == FirstLayer
            select Enumerable
                .Range(0, Cells)
                .Sum(cell => capture.AmplifiedCells[cell] ? (double)capture.FineAttention[row * Cells + cell] : 0),
        ];

    /// <summary>Checks, layer by layer, that whole matrices hold the maps' rows.</summary>
    private sealed class RowObserver : ILayerObserver
    {
        public int Layers { get; private set; }

        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(this);

        private sealed class Recorder(RowObserver owner) : ILayerRecorder
        {
            public void Observe(LayerAttention attention)
            {
                int query = Prompt.FineQueries[0];
                using DisposeScope scope = NewDisposeScope();
                Tensor whole = attention
                    .Probabilities(query)
                    .narrow(1, Prompt.TargetPositions[query], 1)
                    .narrow(2, Prompt.ImageStart, Cells);
                Tensor own = attention
                    .SuffixProbabilities(query)
                    .narrow(1, Prompt.TargetInSuffix[query], 1)
                    .narrow(2, Prompt.ImageStart, Cells);
                TinyACapture.Near(attention.Maps(query), whole.ToFloats(), 2e-6, "whole matrix");
                TinyACapture.Near(attention.Maps(query), own.ToFloats(), 2e-6, "own tokens");
                owner.Layers++;
            }

            public float[] Complete() => [];
        }
    }
}
