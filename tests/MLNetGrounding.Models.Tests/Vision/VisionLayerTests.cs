using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>A layer with everything that some tower has, against the same in plain numbers.</summary>
[TestClass]
public sealed class VisionLayerTests
{
    private const int Width = 6;
    private const int Inner = 5;
    private const int Heads = 2;
    private const int Tokens = 4;
    private const double Epsilon = 1e-3;

    // Of the norms of queries and keys, whatever that of the others is.
    private const double QueryKeyEpsilon = 1e-6;

    [TestMethod]
    public void QueriesAndKeysAreNormedOverAllHeadsAndWhatIsAddedIsScaled()
    {
        using DisposeScope scope = NewDisposeScope();
        RandomSource source = new();
        VisionLayer layer = new(
            source,
            "layer",
            new VisionTransformerSettings
            {
                Width = Width,
                InnerWidth = Inner,
                Layers = 1,
                Heads = Heads,
                ImageSize = 4,
                PatchSize = 2,
                NormEpsilon = Epsilon,
                Activation = Activation.Relu,
                HasClassToken = false,
                HasQueryKeyValueBias = false,
                NormsQueryKey = true,
                UsesRootMeanSquare = true,
                HasLayerScales = true,
            }
        );
        float[] hidden = [.. Enumerable.Range(0, Tokens * Width).Select(index => MathF.Sin(index * 1.7f))];
        float[] actual = layer.Forward(tensor(hidden, [1, Tokens, Width])).ToFloats();
        double[] expected = Plain(hidden, source.Values);
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], 1e-5, $"element {index}");
        }
    }

    private static double[] Plain(float[] hidden, Dictionary<string, float[]> weights)
    {
        double[][] states =
        [
            .. Enumerable.Range(0, Tokens).Select(token => hidden.Skip(token * Width).Take(Width).Select(value => (double)value).ToArray()),
        ];
        double[][] normed = [.. states.Select(state => Norm(state, weights["layer.layer_norm1.weight"]))];
        double[][] queries =
        [
            .. normed.Select(state => Norm(Linear(state, "self_attn.q_proj"), weights["layer.self_attn.q_norm.weight"], QueryKeyEpsilon)),
        ];
        double[][] keys =
        [
            .. normed.Select(state => Norm(Linear(state, "self_attn.k_proj"), weights["layer.self_attn.k_norm.weight"], QueryKeyEpsilon)),
        ];
        double[][] values = [.. normed.Select(state => Linear(state, "self_attn.v_proj"))];
        const int size = Width / Heads;
        List<double> result = [];
        for (int token = 0; token < Tokens; token++)
        {
            double[] attended = new double[Width];
            for (int head = 0; head < Heads; head++)
            {
                double[] scores =
                [
                    .. keys.Select(key =>
                        Math.Exp(Enumerable.Range(head * size, size).Sum(index => queries[token][index] * key[index]) / Math.Sqrt(size))
                    ),
                ];
                for (int index = head * size; index < (head + 1) * size; index++)
                {
                    attended[index] = Enumerable.Range(0, Tokens).Sum(other => scores[other] * values[other][index]) / scores.Sum();
                }
            }

            double[] output = Linear(attended, "self_attn.out_proj");
            double[] middle = [.. states[token].Select((value, index) => value + (weights["layer.lambda_1"][index] * output[index]))];
            double[] expanded =
            [
                .. Linear(Norm(middle, weights["layer.layer_norm2.weight"]), "mlp.fc1").Select(value => Math.Max(value, 0)),
            ];
            double[] contracted = Linear(expanded, "mlp.fc2");
            result.AddRange(middle.Select((value, index) => value + (weights["layer.lambda_2"][index] * contracted[index])));
        }

        return [.. result];

        double[] Linear(double[] input, string name)
        {
            float[] weight = weights[$"layer.{name}.weight"];
            float[]? bias = weights.GetValueOrDefault($"layer.{name}.bias");
            return
            [
                .. Enumerable
                    .Range(0, weight.Length / input.Length)
                    .Select(row => input.Select((value, index) => value * weight[(row * input.Length) + index]).Sum() + (bias?[row] ?? 0)),
            ];
        }

        static double[] Norm(double[] input, float[] weight, double epsilon = Epsilon)
        {
            double root = Math.Sqrt(input.Average(value => value * value) + epsilon);
            return [.. input.Select((value, index) => value / root * weight[index])];
        }
    }

    /// <summary>Makes tensors of any numbers and keeps them.</summary>
    private sealed class RandomSource : ITensorSource
    {
        private readonly Random _random = new(3);

        public Dictionary<string, float[]> Values { get; } = [];

        public Tensor Take(string name, params long[] shape)
        {
            float[] values =
            [
                .. Enumerable
                    .Range(0, (int)shape.Aggregate(1L, (product, size) => product * size))
                    .Select(_ => (_random.NextSingle() * 2) - 1),
            ];
            Values.Add(name, values);
            return tensor(values, shape);
        }

        public void Skip(string name, params long[] shape) => throw new NotSupportedException(name);
    }
}
