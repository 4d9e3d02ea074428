using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Hub;

/// <summary>The files that a model is opened from: settings, tokenizer, prompt templates, and one set of safetensors weights.</summary>
internal sealed class CheckpointChoice : IFileChoice
{
    private const string TemplateFolder = "additional_chat_templates/";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        CheckpointSettings.ConfigurationFileName,
        "generation_config.json",
        "processor_config.json",
        "preprocessor_config.json",
        "chat_template.json",
        "chat_template.jinja",
        "tokenizer_config.json",
        "tokenizer.json",
        "tokenizer.model",
        "added_tokens.json",
        "special_tokens_map.json",
        "vocab.json",
        "merges.txt",
        "grounding.json",
    };

    private static readonly string[] OtherWeights = [".bin", ".pt", ".pth", ".h5", ".msgpack", ".gguf", ".onnx"];

    public HubFile? NeededContent(IReadOnlyList<HubFile> files) =>
        Find(files, CheckpointFolder.SingleFileName) is null ? Find(files, CheckpointFolder.IndexFileName) : null;

    public FileSelection Choose(IReadOnlyList<HubFile> files, ReadOnlyMemory<byte> content)
    {
        List<string> missing = [];
        HashSet<string> wanted = new(Names, StringComparer.Ordinal);
        if (Find(files, CheckpointSettings.ConfigurationFileName) is null)
        {
            missing.Add(CheckpointSettings.ConfigurationFileName);
        }

        if (Find(files, CheckpointFolder.SingleFileName) is not null)
        {
            wanted.Add(CheckpointFolder.SingleFileName);
        }
        else if (Find(files, CheckpointFolder.IndexFileName) is not null)
        {
            wanted.Add(CheckpointFolder.IndexFileName);
            foreach (string shard in CheckpointFolder.ShardNames(JsonSettings.Of(CheckpointFolder.IndexFileName, content)))
            {
                wanted.Add(shard);
                if (Find(files, shard) is null)
                {
                    missing.Add(shard);
                }
            }
        }
        else
        {
            missing.Add(CheckpointFolder.SingleFileName);
        }

        return new FileSelection(
            [.. files.Where(file => wanted.Contains(file.Path) || file.Path.StartsWith(TemplateFolder, StringComparison.Ordinal))],
            missing,
            missing.Count > 0 ? Advice(files) : null
        );
    }

    private static HubFile? Find(IReadOnlyList<HubFile> files, string name) => files.FirstOrDefault(file => file.Path == name);

    private static string? Advice(IReadOnlyList<HubFile> files)
    {
        if (Find(files, "adapter_config.json") is not null)
        {
            return "It is an adapter (LoRA), which changes the weights of another model. Merge it first: in Python, peft's merge_and_unload(), then save_pretrained() of model and processor.";
        }

        string[] others =
        [
            .. files
                .Select(file => file.Path)
                .Where(path => OtherWeights.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                .Take(3),
        ];
        return others.Length == 0
            ? null
            : $"Its weights are in {string.Join(", ", others)}, which is not read, because such files can run code (pickles: .bin, .pt) or have another layout. Take a model that has safetensors, or convert it: in Python, from_pretrained(...).save_pretrained(...).";
    }
}
