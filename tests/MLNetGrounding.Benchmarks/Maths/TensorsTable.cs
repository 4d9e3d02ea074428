using System.Numerics.Tensors;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Benchmarks;

/// <summary>The inner loops of the maths beside the same by <see cref="TensorPrimitives"/>, over the maps of a 7B model.</summary>
internal static class TensorsTable
{
    private const int Maps = 1024;
    private const int Grid = 24;
    private const int Cells = Grid * Grid;
    private const int Rounds = 201;
    private const int WarmUpRounds = 300;

    public static void Print()
    {
        float[] maps = AttentionMaps.Of(1, Maps, Grid);
        float[] sums = new float[Cells];
        double[] wideSums = new double[Cells];
        float[] scratch = new float[Cells];
        double[] wide = new double[Cells];
        MarkdownTable table = new(
            $"Inner loops over {Maps} maps of {Grid} x {Grid} cells, one core; medians of {Rounds} rounds",
            "loop",
            "our own, ms",
            "TensorPrimitives, ms",
            "ratio"
        );
        Add(
            "smallest and largest value, finite",
            map => Numbers.Range(map, nameof(maps)).Maximum,
            map =>
            {
                float minimum = TensorPrimitives.Min<float>(map);
                float maximum = TensorPrimitives.Max<float>(map);
                return minimum >= -float.MaxValue && maximum <= float.MaxValue ? maximum : throw new ArgumentException("Not finite.");
            }
        );
        Add(
            "finite and not negative",
            map => Numbers.AreAttention(map) ? 1 : 0,
            map => TensorPrimitives.Min<float>(map) >= 0 && TensorPrimitives.Max<float>(map) <= float.MaxValue ? 1 : 0
        );
        Add(
            "maximum of two maps",
            map =>
            {
                HeadAggregator.TakeMaximum(map, sums);
                return sums[0];
            },
            map =>
            {
                TensorPrimitives.Max(map, sums, sums);
                return sums[0];
            }
        );
        Add(
            "adding a scaled map (left to TensorPrimitives)",
            map =>
            {
                OwnLoops.AddScaled(map, 0.5f, sums);
                return sums[0];
            },
            map =>
            {
                TensorPrimitives.MultiplyAdd(map, 0.5f, sums, sums);
                return sums[0];
            }
        );
        Add(
            "adding a scaled map in double precision (left to TensorPrimitives)",
            map =>
            {
                OwnLoops.AddScaled(map, 0.5, wideSums);
                return wideSums[0];
            },
            map =>
            {
                TensorPrimitives.ConvertTruncating<float, double>(map, wide);
                TensorPrimitives.MultiplyAdd(wide, 0.5, wideSums, wideSums);
                return wideSums[0];
            }
        );
        Add(
            "entropy, one pass",
            map => NormalizedEntropy.Estimate(map, TensorPrimitives.Max<float>(map)),
            map =>
            {
                // p ln p with p = x / sum; zeros would be NaN.
                TensorPrimitives.Divide(map, TensorPrimitives.Sum<float>(map), scratch);
                TensorPrimitives.Max(scratch, float.Epsilon, scratch);
                Span<float> logarithms = sums;
                TensorPrimitives.Log(scratch, logarithms);
                return -TensorPrimitives.Dot<float>(scratch, logarithms) / Math.Log(Cells);
            }
        );
        Add(
            "exponentials of scores and their sum",
            map =>
            {
                map.CopyTo(scratch);
                return Softmax.Exponentiate(scratch, Softmax.Maximum(scratch));
            },
            map =>
            {
                TensorPrimitives.Subtract(map, TensorPrimitives.Max<float>(map), scratch);
                TensorPrimitives.Exp(scratch, scratch);
                return TensorPrimitives.Sum<float>(scratch);
            }
        );
        table.Print();

        void Add(string loop, Func<ReadOnlySpan<float>, double> own, Func<ReadOnlySpan<float>, double> tensors)
        {
            // Until the compiler has made of both what it makes of loops that run often.
            for (int round = 0; round < WarmUpRounds; round++)
            {
                Run(own);
                Run(tensors);
                Thread.Sleep(1);
            }

            double[] seconds = Interleaved.Seconds(Rounds, () => Run(own), () => Run(tensors));
            table.Add(loop, $"{seconds[0] * 1e3:f3}", $"{seconds[1] * 1e3:f3}", $"{seconds[1] / seconds[0]:f2}");
        }

        void Run(Func<ReadOnlySpan<float>, double> loop)
        {
            Array.Clear(sums);
            Array.Clear(wideSums);
            for (int map = 0; map < Maps; map++)
            {
                loop(maps.AsSpan(map * Cells, Cells));
            }
        }
    }
}
