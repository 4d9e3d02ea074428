using System.Text;
using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Fuzz;

/// <summary>The settings of a checkpoint folder: its JSON files, and its chat template.</summary>
internal sealed class SettingsTarget : FuzzTarget
{
    // LLaVA's other kind: a SigLIP tower, several of its states, a decoder of grouped heads with scaled positions.
    private const string OtherArchitecture = """
        {
          "architectures": ["LlavaForConditionalGeneration"], "model_type": "llava", "image_token_index": 151646, "image_seq_length": 144,
          "projector_hidden_act": "gelu", "multimodal_projector_bias": true, "vision_feature_layer": [-2, -1], "vision_feature_select_strategy": "full",
          "text_config": {
            "model_type": "qwen2", "hidden_size": 96, "intermediate_size": 192, "num_hidden_layers": 2, "num_attention_heads": 6, "num_key_value_heads": 2,
            "max_position_embeddings": 32768, "rms_norm_eps": 1e-06, "vocab_size": 151936, "use_sliding_window": false, "sliding_window": 4096, "tie_word_embeddings": true,
            "rope_parameters": {"rope_type": "llama3", "rope_theta": 1000000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
          },
          "vision_config": {
            "model_type": "siglip_vision_model", "hidden_size": 96, "intermediate_size": 288, "num_hidden_layers": 3, "num_attention_heads": 6,
            "image_size": 168, "patch_size": 14, "hidden_act": "gelu_pytorch_tanh", "layer_norm_eps": 1e-06, "vision_use_head": false
          },
          "tie_word_embeddings": true, "dtype": "bfloat16"
        }
        """;

    private const string OtherImages = """
        {
          "image_processor_type": "SiglipImageProcessor", "do_resize": true, "size": {"height": 168, "width": 168}, "resample": 3,
          "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]
        }
        """;

    private const string ChatTemplate =
        "{% for message in messages %}{{ message['role'] | upper }}: <image>\n{{ message['content'] }} {% endfor %}ASSISTANT:";

    private readonly Dictionary<string, byte[]> _complete;
    private readonly (string Name, byte[] Content)[] _seeds;
    private string _changed = "";

    public SettingsTarget()
    {
        _complete = new[]
        {
            CheckpointSettings.ConfigurationFileName,
            CheckpointSettings.ImageProcessorFileName,
            GroundingProfileFile.FileName,
            TokenizerFileNames.AddedTokens,
            TokenizerFileNames.SentencePiece,
        }.ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(SampleLlava.Directory, name)));
        _complete[CheckpointFolder.IndexFileName] =
            """{"metadata":{"total_size":0},"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}"""u8.ToArray();
        _complete["model-1.safetensors"] = [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8];
        string images = Encoding.UTF8.GetString(_complete[CheckpointSettings.ImageProcessorFileName]);
        string chat = JsonSerializer.Serialize(ChatTemplate);
        _seeds =
        [
            .. new[]
            {
                CheckpointSettings.ConfigurationFileName,
                CheckpointSettings.ImageProcessorFileName,
                GroundingProfileFile.FileName,
                TokenizerFileNames.AddedTokens,
                CheckpointFolder.IndexFileName,
            }.Select(name => (name, _complete[name])),
            .. new (string Name, string Text)[]
            {
                (CheckpointSettings.ConfigurationFileName, OtherArchitecture),
                (CheckpointSettings.ImageProcessorFileName, OtherImages),
                (
                    CheckpointSettings.ProcessorFileName,
                    $$"""{"image_processor":{{images}},"processor_class":"LlavaProcessor","chat_template":{{chat}},"patch_size":14}"""
                ),
                (
                    CheckpointSettings.TokenizerSettingsFileName,
                    $$"""{"bos_token":{"content":"<s>","lstrip":false},"eos_token":"</s>","chat_template":{{chat}},"model_max_length":4096}"""
                ),
                (
                    CheckpointSettings.TokenizerSettingsFileName,
                    $$"""{"chat_template":[{"name":"tool_use","template":"{% if tools %}{% endif %}"},{"name":"default","template":{{chat}}}]}"""
                ),
                (CheckpointSettings.GenerationFileName, """{"bos_token_id":1,"eos_token_id":[2,3],"temperature":0.9}"""),
                (ChatTemplateFile.FileName, ChatTemplate),
                (ChatTemplateFile.JsonFileName, $$"""{"chat_template":{{chat}}}"""),
            }.Select(seed => (seed.Name, Encoding.UTF8.GetBytes(seed.Text))),
        ];
        foreach ((string name, byte[] content) in _complete)
        {
            File.WriteAllBytes(Path.Combine(Folder, name), content);
        }

        // What is to be broken is right before.
        foreach ((string name, byte[] content) in _seeds)
        {
            Put(name, content);
            Read();
        }
    }

    public override void Write(FuzzInput input)
    {
        (string name, byte[] content) = Choose(_seeds, input.Seed);
        Put(name, Mutator.Text(content, input.Changes));
    }

    public override void Read()
    {
        switch (_changed)
        {
            case GroundingProfileFile.FileName:
                GroundingProfileFile.ReadOrDefault(Folder);
                break;
            case TokenizerFileNames.AddedTokens:
                TextTokenizer.TryOpen(Folder);
                break;
            case CheckpointFolder.IndexFileName:
                CheckpointFolder.Open(Folder);
                break;
            case CheckpointSettings.GenerationFileName:
                Assert.IsNotNull(CheckpointSettings.TryGeneration(Folder));
                break;
            case CheckpointSettings.TokenizerSettingsFileName or ChatTemplateFile.FileName or ChatTemplateFile.JsonFileName:
                ReadChatTemplate();
                break;
            default:
                FamilyRegistry.Read(Folder);
                break;
        }
    }

    public override bool IsTyped(Exception exception) => exception is CheckpointException;

    private void ReadChatTemplate()
    {
        var template = ChatTemplateFile.TryRead(Folder);
        FamilyRegistry.Read(Folder).Prompts.Recognize(template?.Text ?? "");
    }

    /// <summary>Changes one file of the complete folder.</summary>
    private void Put(string name, byte[] content)
    {
        if (_complete.TryGetValue(_changed, out byte[]? before))
        {
            File.WriteAllBytes(Path.Combine(Folder, _changed), before);
        }
        else if (_changed.Length > 0)
        {
            File.Delete(Path.Combine(Folder, _changed));
        }

        // Images' settings in a file of their own would hide that those of the processor are missing.
        string images = Path.Combine(Folder, CheckpointSettings.ImageProcessorFileName);
        if (name == CheckpointSettings.ProcessorFileName)
        {
            File.Delete(images);
        }
        else if (_changed == CheckpointSettings.ProcessorFileName)
        {
            File.WriteAllBytes(images, _complete[CheckpointSettings.ImageProcessorFileName]);
        }

        File.WriteAllBytes(Path.Combine(Folder, name), content);
        _changed = name;
    }
}
