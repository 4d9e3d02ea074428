using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Rewrites a checkpoint folder with its tensors changed, renamed or spread over shards.</summary>
internal sealed class CheckpointCopy
{
    private readonly string _source;
    private readonly List<(string Name, float[] Values, long[] Shape)> _tensors = [];

    public CheckpointCopy(string source)
    {
        _source = source;
        using CheckpointTensorSource weights = new(CheckpointFolder.Open(source), ScalarType.Float32, ScalarType.Float32, CPU);
        foreach ((string name, (_, SafetensorsEntry entry)) in CheckpointFolder.Open(source).Tensors)
        {
            _tensors.Add((name, weights.Take(name, entry.Shape).ToFloats(), entry.Shape));
        }
    }

    /// <summary>Replaces the tensors for which <paramref name="change"/> gives a new one.</summary>
    public CheckpointCopy Change(Func<string, Tensor, Tensor> change)
    {
        for (int index = 0; index < _tensors.Count; index++)
        {
            using DisposeScope scope = NewDisposeScope();
            (string name, float[] values, long[] shape) = _tensors[index];
            Tensor changed = change(name, tensor(values, shape));
            _tensors[index] = (name, changed.ToFloats(), changed.shape);
        }

        return this;
    }

    public CheckpointCopy Remove(string name)
    {
        Assert.AreEqual(1, _tensors.RemoveAll(tensor => tensor.Name == name));
        return this;
    }

    public CheckpointCopy Add(string name, params long[] shape)
    {
        _tensors.Add((name, new float[shape.Aggregate(1L, (product, size) => product * size)], shape));
        return this;
    }

    /// <summary>Writes the copy; more than one shard writes an index.</summary>
    public string Write(
        string directory,
        ScalarType type = ScalarType.Float32,
        int shards = 1,
        bool newNames = false,
        Action<JsonNode>? configure = null
    )
    {
        Directory.CreateDirectory(directory);
        foreach (string file in Directory.GetFiles(_source, "*.json").Where(file => !file.EndsWith("index.json", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        if (configure is not null)
        {
            string path = Path.Combine(directory, CheckpointSettings.ConfigurationFileName);
            JsonNode configuration = JsonNode.Parse(File.ReadAllText(path))!;
            configure(configuration);
            File.WriteAllText(path, configuration.ToJsonString());
        }

        TensorToWrite[] tensors =
        [
            .. _tensors.Select(item => new TensorToWrite(
                newNames ? Newer(item.Name) : item.Name,
                type,
                item.Shape,
                () => tensor(item.Values, item.Shape)
            )),
        ];
        if (shards == 1)
        {
            SafetensorsWriter.Write(Path.Combine(directory, CheckpointFolder.SingleFileName), tensors);
            return directory;
        }

        Dictionary<string, string> weightMap = [];
        for (int shard = 0; shard < shards; shard++)
        {
            string file = $"model-{shard + 1:00000}-of-{shards:00000}.safetensors";
            TensorToWrite[] part = [.. tensors.Where((_, index) => index % shards == shard)];
            SafetensorsWriter.Write(Path.Combine(directory, file), part);
            foreach (TensorToWrite tensor in part)
            {
                weightMap[tensor.Name] = file;
            }
        }

        File.WriteAllText(
            Path.Combine(directory, CheckpointFolder.IndexFileName),
            JsonSerializer.Serialize(new { weight_map = weightMap })
        );
        return directory;
    }

    /// <summary>A tensor's name as transformers 4.52 to 4.57 write it.</summary>
    private static string Newer(string name) =>
        name switch
        {
            _ when name.StartsWith("language_model.model.", StringComparison.Ordinal) => "model.language_model."
                + name["language_model.model.".Length..],
            _ when name.StartsWith("language_model.lm_head.", StringComparison.Ordinal) => name["language_model.".Length..],
            _ => "model." + name,
        };
}
