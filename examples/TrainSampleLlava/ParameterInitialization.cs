using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>Values that training starts from, and which parameters decay.</summary>
internal static class ParameterInitialization
{
    private const string PositionEmbedding = "vision_tower.vision_model.embeddings.position_embedding.weight";

    public static Tensor Create(
        IReadOnlyList<(string Name, long[] Shape, long Offset)> entries,
        long length,
        LlavaShape configuration,
        long seed
    )
    {
        using Generator generator = new((ulong)seed);
        Tensor flat = zeros(length);
        foreach ((string name, long[] shape, long offset) in entries)
        {
            Tensor part = flat.narrow(0, offset, shape.Aggregate(1L, (product, size) => product * size)).view(shape);
            if (name == PositionEmbedding)
            {
                part.copy_(Positions(configuration));
            }
            else if (IsNormWeight(name))
            {
                part.fill_(1);
            }
            else if (!name.EndsWith(".bias", StringComparison.Ordinal))
            {
                part.copy_(randn(shape, generator: generator) * Deviation(name, shape, configuration));
            }
        }

        return flat;
    }

    public static Tensor DecayMask(IReadOnlyList<(string Name, long[] Shape, long Offset)> entries, long length)
    {
        Tensor mask = zeros(length);
        foreach ((string name, long[] shape, long offset) in entries)
        {
            if (
                shape.Length >= 2
                && !name.Contains("embed_tokens", StringComparison.Ordinal)
                && !name.Contains("position_embedding", StringComparison.Ordinal)
            )
            {
                mask.narrow(0, offset, shape.Aggregate(1L, (product, size) => product * size)).fill_(1);
            }
        }

        return mask;
    }

    private static bool IsNormWeight(string name) =>
        name.EndsWith("norm.weight", StringComparison.Ordinal)
        || name.EndsWith("norm1.weight", StringComparison.Ordinal)
        || name.EndsWith("norm2.weight", StringComparison.Ordinal);

    private static double Deviation(string name, long[] shape, LlavaShape configuration)
    {
        if (name.EndsWith("embed_tokens.weight", StringComparison.Ordinal))
        {
            return 0.5;
        }

        if (name.EndsWith("lm_head.weight", StringComparison.Ordinal) || shape.Length == 1)
        {
            return 0.02;
        }

        double scale = 1 / Math.Sqrt(shape.Skip(1).Aggregate(1L, (product, size) => product * size));
        bool intoResidual =
            name.Contains("out_proj", StringComparison.Ordinal)
            || name.Contains("fc2", StringComparison.Ordinal)
            || name.Contains("o_proj", StringComparison.Ordinal)
            || name.Contains("down_proj", StringComparison.Ordinal);
        int layers = name.Contains("vision_tower", StringComparison.Ordinal) ? configuration.VisionLayersToRun : configuration.TextLayers;
        return intoResidual ? scale / Math.Sqrt(2 * layers) : scale;
    }

    /// <summary>Sines and cosines of row and column: learned from there, but neighbors start out alike.</summary>
    private static Tensor Positions(LlavaShape configuration)
    {
        const float Amplitude = 0.5f;
        int grid = configuration.Grid;
        int width = configuration.VisionHiddenSize;
        int quarter = width / 4;
        float[] values = new float[(1 + grid * grid) * width];
        for (int cell = 0; cell < grid * grid; cell++)
        {
            Span<float> row = values.AsSpan((1 + cell) * width, width);
            for (int index = 0; index < quarter; index++)
            {
                // Wave lengths from four times the grid down to four cells.
                double frequency = Math.PI / (2 * grid) * Math.Pow(grid, index / (double)Math.Max(1, quarter - 1));
                (double sine, double cosine) = Math.SinCos(cell / grid * frequency);
                row[index] = Amplitude * (float)sine;
                row[quarter + index] = Amplitude * (float)cosine;
                (sine, cosine) = Math.SinCos(cell % grid * frequency);
                row[2 * quarter + index] = Amplitude * (float)sine;
                row[3 * quarter + index] = Amplitude * (float)cosine;
            }
        }

        return tensor(values, [1 + grid * grid, width]);
    }
}
