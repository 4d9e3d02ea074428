using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>Writes checkpoints of several shards, as the hub has them, quickly: every tensor is cut from one block of random numbers.</summary>
internal static class RandomShards
{
    private const long ShardBytes = 5L << 30;
    private const int BlockElements = 1 << 24;

    /// <returns>Bytes on disk.</returns>
    public static long Write(string directory, LlavaShape configuration, ScalarType type)
    {
        configuration.Write(directory, StoredType.TorchName(type));
        MetaTensorSource architecture = new(type);
        _ = new LlavaNetwork(architecture, configuration.Settings);
        using Generator generator = new(1);
        using Tensor block = randn([BlockElements], generator: generator);
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        List<List<TensorToWrite>> shards = [];
        long inShard = ShardBytes;
        foreach ((string name, long[] shape) in architecture.Tensors)
        {
            long elements = shape.Aggregate(1L, (product, size) => product * size);
            if (inShard + (elements * StoredType.Size(type)) > ShardBytes)
            {
                shards.Add([]);
                inShard = 0;
            }

            inShard += elements * StoredType.Size(type);
            shards[^1].Add(new TensorToWrite(name, type, shape, () => Values(name, shape, elements, block)));
            files[name] = FileName(shards.Count);
        }

        for (int shard = 0; shard < shards.Count; shard++)
        {
            SafetensorsWriter.Write(Path.Combine(directory, FileName(shard + 1)), shards[shard]);
        }

        File.WriteAllText(
            Path.Combine(directory, CheckpointFolder.IndexFileName),
            JsonSerializer.Serialize(new { metadata = new { total_size = architecture.ByteLength }, weight_map = files }));
        return architecture.ByteLength;
    }

    private static string FileName(int shard) => $"model-{shard:d5}.safetensors";

    private static Tensor Values(string name, long[] shape, long elements, Tensor block)
    {
        if (name.Contains("norm", StringComparison.Ordinal) || name.Contains("layrnorm", StringComparison.Ordinal))
        {
            return name.EndsWith(".bias", StringComparison.Ordinal) ? zeros(shape) : ones(shape);
        }

        double spread = shape.Length == 1 ? 0.02 : 1 / Math.Sqrt(elements / shape[0]);
        long copies = (elements + BlockElements - 1) / BlockElements;
        return block.repeat(copies).narrow(0, 0, elements).view(shape).Times(spread);
    }
}
