using System.Text;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Samples.Checkpoints;

namespace MLNetGrounding.Fuzz;

/// <summary>The JSON files of a checkpoint folder.</summary>
internal sealed class SettingsTarget : FuzzTarget
{
    private const string Preprocessor = "preprocessor_config.json";
    private const string Processor = "processor_config.json";
    private const string TokenizerSettings = "tokenizer_config.json";
    private const string Generation = "generation_config.json";

    private readonly (string Name, byte[] Content)[] _files;
    private string? _changed;

    public SettingsTarget()
    {
        (string Name, byte[] Content)[] always =
        [
            .. new[] { "config.json", Preprocessor, "grounding.json", "added_tokens.json" }.Select(name => (name, File.ReadAllBytes(Path.Combine(SampleLlava.Directory, name)))),
            ("model.safetensors.index.json", """{"metadata":{"total_size":0},"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}"""u8.ToArray()),
        ];
        File.WriteAllBytes(Path.Combine(Folder, "model-1.safetensors"), [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        File.Copy(Path.Combine(SampleLlava.Directory, "tokenizer.model"), Path.Combine(Folder, "tokenizer.model"));
        foreach ((string name, byte[] content) in always)
        {
            File.WriteAllBytes(Path.Combine(Folder, name), content);
        }

        string nested = $$"""{"image_processor":{{Encoding.UTF8.GetString(ContentOf(always, Preprocessor))}},"processor_class":"LlavaProcessor"}""";
        _files =
        [
            .. always,
            (Processor, Encoding.UTF8.GetBytes(nested)),
            (TokenizerSettings, """{"bos_token":{"content":"<s>","lstrip":false},"eos_token":"</s>","chat_template":"{% for m in messages %}USER: {{ m }}{% endfor %}","model_max_length":4096}"""u8.ToArray()),
            (Generation, """{"bos_token_id":1,"eos_token_id":[2,3],"temperature":0.9}"""u8.ToArray()),
        ];
    }

    public override void Write(FuzzInput input)
    {
        Restore();
        (string name, byte[] content) = Choose(_files, input.Seed);
        _changed = name;
        File.WriteAllBytes(Path.Combine(Folder, name), Mutator.Text(content, input.Changes));
        if (name == Processor)
        {
            File.Delete(Path.Combine(Folder, Preprocessor));
        }
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
            case TokenizerSettings:
                CheckpointSettings.TryTokenizer(Folder);
                ChatTemplateFile.TryRead(Folder);
                break;
            case Generation:
                CheckpointSettings.TryGeneration(Folder);
                break;
            default:
                PreprocessorConfiguration.Read(Folder, LlavaShape.Read(Folder).ImageSize);
                break;
        }
    }

    public override bool IsTyped(Exception exception) => exception is CheckpointException;

    private static byte[] ContentOf((string Name, byte[] Content)[] files, string name) => files.First(file => file.Name == name).Content;

    private void Restore()
    {
        if (_changed is Processor or TokenizerSettings or Generation)
        {
            File.Delete(Path.Combine(Folder, _changed));
            File.WriteAllBytes(Path.Combine(Folder, Preprocessor), ContentOf(_files, Preprocessor));
        }
        else if (_changed is not null)
        {
            File.WriteAllBytes(Path.Combine(Folder, _changed), ContentOf(_files, _changed));
        }
    }
}
