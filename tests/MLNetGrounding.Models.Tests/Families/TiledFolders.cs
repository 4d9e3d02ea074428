using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families;

/// <summary>Settings of small tiled models, written as checkpoint folders without weights.</summary>
internal static class TiledFolders
{
    /// <summary>InternVL: views of 84 pixels and 3 x 3 tokens.</summary>
    public static string WriteInternVl(
        TemporaryFolder folder,
        string vision = "",
        string root = "",
        string text = "",
        string images = ""
    ) =>
        Write(
            folder,
            $$$"""
            {"model_type":"internvl","image_token_id":5,"downsample_ratio":0.5{{{root}}},
             "text_config":{"model_type":"qwen2","hidden_size":16,"intermediate_size":32,"num_hidden_layers":2,"num_attention_heads":2,"vocab_size":300{{{text}}}},
             "vision_config":{"hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,"image_size":[84,84],"patch_size":[14,14],"attention_bias":true{{{vision}}}}}
            """,
            $$$"""{"crop_to_patches":false,"size":{"height":84,"width":84}{{{images}}}}"""
        );

    /// <summary>SmolVLM: views of 32 pixels and 2 x 2 tokens, images of at most 128 pixels.</summary>
    public static string WriteSmolVlm(
        TemporaryFolder folder,
        string root = "",
        string text = "",
        string images = "\"size\":{\"longest_edge\":128}"
    ) =>
        Write(
            folder,
            $$$"""
            {"model_type":"smolvlm","image_token_id":200,"scale_factor":2{{{root}}},
             "text_config":{"model_type":"llama","hidden_size":16,"intermediate_size":32,"num_hidden_layers":2,"num_attention_heads":2,"vocab_size":300{{{text}}}},
             "vision_config":{"model_type":"smolvlm_vision","hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,"image_size":32,"patch_size":8}}
            """,
            $$$"""{"max_image_size":{"longest_edge":32},{{{images}}}}"""
        );

    /// <summary>LLaVA-NeXT: views of 56 pixels and 4 x 4 tokens, in the resolutions of <paramref name="pinpoints"/>.</summary>
    public static string WriteLlavaNext(TemporaryFolder folder, string pinpoints = "[[56,112],[112,56],[112,112],[56,168],[168,56]]") =>
        Write(
            folder,
            $$$"""
            {"model_type":"llava_next","image_token_index":5,"image_grid_pinpoints":{{{pinpoints}}},
             "text_config":{"model_type":"llama","hidden_size":16,"intermediate_size":32,"num_hidden_layers":2,"num_attention_heads":2,"vocab_size":300},
             "vision_config":{"hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,"image_size":56,"patch_size":14}}
            """,
            $$$"""{"image_processor_type":"LlavaNextImageProcessor","image_grid_pinpoints":{{{pinpoints}}},"size":{"shortest_edge":56}}"""
        );

    /// <summary>LLaVA-OneVision: views of 60 pixels, of which 56 are seen, and 4 x 4 tokens, fewer from about three tiles on.</summary>
    public static string WriteLlavaOneVision(TemporaryFolder folder, string ratio = "anyres_max_3") =>
        Write(
            folder,
            $$$"""
            {"model_type":"llava_onevision","image_token_index":5,"vision_aspect_ratio":"{{{ratio}}}","image_grid_pinpoints":[[60,60],[60,120],[60,180],[120,60],[120,120],[120,180],[180,60],[180,120],[180,180]],
             "text_config":{"model_type":"qwen2","hidden_size":16,"intermediate_size":32,"num_hidden_layers":2,"num_attention_heads":2,"vocab_size":300},
             "vision_config":{"model_type":"siglip_vision_model","hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,"image_size":60,"patch_size":14}}
            """,
            """{"image_processor_type":"LlavaOnevisionImageProcessor","image_grid_pinpoints":[[60,60],[60,120],[60,180],[120,60],[120,120],[120,180],[180,60],[180,120],[180,180]],"size":{"height":60,"width":60}}"""
        );

    /// <summary>
    /// A tokenizer of single characters and pairs of line ends, with the marks of tiled models as tokens of their own or, but for two, as
    /// text.
    /// </summary>
    public static void WriteTokenizer(TemporaryFolder folder, bool hasMarks)
    {
        List<string> vocabulary =
        [
            .. Enumerable.Range('!', '~' - '!' + 1).Select(character => $"{(char)character}"),
            "\u010A",
            "\u010A\u010A",
            "\u0120",
        ];
        string[] marks = hasMarks
            ?
            [
                .. Enumerable.Range(1, 4).SelectMany(row => Enumerable.Range(1, 4).Select(column => $"<row_{row}_col_{column}>")),
                "<global-img>",
            ]
            : [];
        string entries = string.Join(",", vocabulary.Select((text, id) => $"{System.Text.Json.JsonSerializer.Serialize(text)}:{id}"));
        string added = string.Join(
            ",",
            marks
                .Select((text, index) => Added(201 + index, text))
                .Prepend(Added(199, "<fake_token_around_image>"))
                .Prepend(Added(200, "<image>"))
        );
        folder.Write(
            TokenizerFileNames.Pipeline,
            $$$"""
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[{{{added}}}],"normalizer":null,
             "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
             "post_processor":null,"decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
             "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,
              "vocab":{ {{{entries}}} },"merges":["\u010A \u010A"]}}
            """
        );
    }

    /// <summary>What prepares the images of a folder.</summary>
    public static IImagePreprocessor Images(string directory) =>
        FamilyRegistry.Read(directory).CreateImagePreprocessor(TextTokenizer.TryOpen(directory));

    private static string Added(int id, string text) =>
        $$$"""{"id":{{{id}}},"content":"{{{text}}}","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}""";

    private static string Write(TemporaryFolder folder, string configuration, string processor)
    {
        folder.Write("config.json", configuration);
        folder.Write("preprocessor_config.json", processor);
        return folder.Path;
    }
}
