using System.Text.Json;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>Writes random weights of any size beside the settings of a checkpoint, in shards as the hub has them.</summary>
/// <remarks>Tensors are those that the loader of the family asks for. Quick, since all are cut from one block of random numbers.</remarks>
internal static class RandomWeights
{
    private const long ShardBytes = 5L << 30;
    private const int BlockElements = 1 << 24;

    /// <summary>Writes the weights; their index, which is written last, says that all are there.</summary>
    /// <param name="directory">Holds <c>config.json</c> and the image processor's settings.</param>
    /// <param name="type">The type on disk.</param>
    /// <param name="seed">Same seed, same weights.</param>
    /// <returns>Number of parameters.</returns>
    /// <exception cref="CheckpointException">The settings are missing, wrong or not understood.</exception>
    public static long Write(string directory, ScalarType type, long seed = 1)
    {
        TorchBackend.Require();
        IModelArchitecture architecture = FamilyRegistry.Read(directory);
        IReadOnlyList<(string Name, long[] Shape)> tensors = Tensors(architecture);
        int headSize = (int)(tensors.First(tensor => RandomValues.MakesQueries(tensor.Name)).Shape[0] / architecture.Info.Heads);
        using Generator generator = new((ulong)seed);
        using Tensor block = randn([BlockElements], generator: generator);
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        List<List<TensorToWrite>> shards = [];
        long inShard = ShardBytes;
        foreach ((string name, long[] shape) in tensors)
        {
            long bytes = Elements(shape) * StoredType.Size(type);
            if (inShard + bytes > ShardBytes)
            {
                shards.Add([]);
                inShard = 0;
            }

            inShard += bytes;
            shards[^1].Add(new TensorToWrite(name, type, shape, () => RandomValues.Of(name, shape, headSize, size => Cut(block, size))));
            files[name] = FileName(shards.Count);
        }

        for (int shard = 0; shard < shards.Count; shard++)
        {
            SafetensorsWriter.Write(Path.Combine(directory, FileName(shard + 1)), shards[shard]);
        }

        long parameters = tensors.Sum(tensor => Elements(tensor.Shape));
        File.WriteAllText(
            Path.Combine(directory, CheckpointFolder.IndexFileName),
            JsonSerializer.Serialize(new { metadata = new { total_size = parameters * StoredType.Size(type) }, weight_map = files })
        );
        return parameters;
    }

    private static IReadOnlyList<(string Name, long[] Shape)> Tensors(IModelArchitecture architecture)
    {
        using DisposeScope scope = NewDisposeScope();
        WrittenTensors source = new();
        architecture.Build(source);
        return source.Tensors;
    }

    private static string FileName(int shard) => $"model-{shard:d5}.safetensors";

    private static long Elements(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private static Tensor Cut(Tensor block, long[] size)
    {
        long elements = Elements(size);
        long copies = (elements + BlockElements - 1) / BlockElements;
        return (copies == 1 ? block : block.repeat(copies)).narrow(0, 0, elements).view(size);
    }
}
