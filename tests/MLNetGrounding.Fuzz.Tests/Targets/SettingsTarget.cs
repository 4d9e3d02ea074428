using System.Text;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Fuzz;

/// <summary>The JSON files of a checkpoint folder.</summary>
internal sealed class SettingsTarget : FuzzTarget
{
    private readonly (string Name, byte[] Content)[] _files;
    private string? _changed;

    public SettingsTarget()
    {
        _files =
        [
            .. new[] { "config.json", "preprocessor_config.json", "grounding.json", "added_tokens.json" }.Select(name => (name, File.ReadAllBytes(Path.Combine(SampleLlava.Directory, name)))),
            ("model.safetensors.index.json", Encoding.UTF8.GetBytes("""{"metadata":{"total_size":0},"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}""")),
        ];
        File.WriteAllBytes(Path.Combine(Folder, "model-1.safetensors"), [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        File.Copy(Path.Combine(SampleLlava.Directory, "tokenizer.model"), Path.Combine(Folder, "tokenizer.model"));
        foreach ((string name, byte[] content) in _files)
        {
            File.WriteAllBytes(Path.Combine(Folder, name), content);
        }
    }

    public override void Write(FuzzInput input)
    {
        if (_changed is not null)
        {
            File.WriteAllBytes(Path.Combine(Folder, _changed), _files.First(file => file.Name == _changed).Content);
        }

        (string name, byte[] content) = Choose(_files, input.Seed);
        _changed = name;
        File.WriteAllBytes(Path.Combine(Folder, name), Mutator.Text(content, input.Changes));
    }

    public override void Read()
    {
        switch (_changed)
        {
            case "grounding.json":
                GroundingProfileFile.ReadOrDefault(Folder);
                break;
            case "added_tokens.json":
                TextTokenizer.TryOpen(Folder);
                break;
            case "model.safetensors.index.json":
                CheckpointFolder.Open(Folder);
                break;
            default:
                PreprocessorConfiguration.Read(Folder, LlavaConfigurationFile.Read(Folder).ImageSize);
                break;
        }
    }

    public override bool IsTyped(Exception exception) => exception is CheckpointException;
}
