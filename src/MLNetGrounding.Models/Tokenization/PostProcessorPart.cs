using System.Globalization;
using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.PostProcessors;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads the post-processors of a tokenizer.json.</summary>
internal static class PostProcessorPart
{
    /// <summary>The steps in order; a sequence within a sequence is laid flat.</summary>
    public static List<IPostProcessor> Read(JsonSettings file, string key)
    {
        List<IPostProcessor> steps = [];
        if (file.TrySection(key) is { } part)
        {
            Read(part, steps);
        }

        return steps;
    }

    private static void Read(JsonSettings part, List<IPostProcessor> steps)
    {
        switch (PartReader.Type(part))
        {
            case "Sequence":
                foreach (JsonSettings step in part.Sections("processors"))
                {
                    Read(step, steps);
                }

                break;
            case "ByteLevel":
                Trim(part, steps);
                part.Ignore("use_regex");
                break;
            case "RobertaProcessing":
                Trim(part, steps);
                steps.Add(new TemplateProcessor([TokenAndId(part, "cls"), null, TokenAndId(part, "sep")]));
                break;
            case "TemplateProcessing":
                steps.Add(new TemplateProcessor(Template(part)));
                break;
            default:
                throw PartReader.Unknown(part, "Sequence", "ByteLevel", "RobertaProcessing", "TemplateProcessing");
        }
    }

    private static void Trim(JsonSettings part, List<IPostProcessor> steps)
    {
        bool prefix = part.Flag("add_prefix_space", true);
        if (part.Flag("trim_offsets", true))
        {
            steps.Add(new OffsetTrimmer(prefix));
        }
    }

    private static AlignedToken? TokenAndId(JsonSettings part, string key) =>
        part.TryGet(key) is { ValueKind: JsonValueKind.Array } pair
        && pair.GetArrayLength() == 2
        && pair[0].ValueKind == JsonValueKind.String
        && pair[1].ValueKind == JsonValueKind.Number
        && pair[1].TryGetInt32(out int id)
        && id >= 0
            ? new AlignedToken(id, pair[0].GetString()!, 0, 0)
            : throw part.Wrong(key, "a token and its id were expected");

    private static List<AlignedToken?> Template(JsonSettings part)
    {
        List<AlignedToken?> template = [];
        JsonSettings? specials = part.TrySection("special_tokens");
        foreach (JsonSettings item in part.Sections("single"))
        {
            if (item.TrySection("Sequence") is { } sequence)
            {
                sequence.Require("id", "A", required: true);
                sequence.Ignore("type_id");
                template.Add(null);
                continue;
            }

            JsonSettings special = item.Section("SpecialToken");
            special.Ignore("type_id");
            string name = special.Text("id");
            JsonSettings named =
                specials?.TrySection(name) ?? throw special.Wrong("id", $"'{name}' is not among the special tokens of the template");
            IReadOnlyList<int> ids = named.TryInts("ids", 0, int.MaxValue) ?? throw named.Wrong("ids", "ids were expected, found nothing");
            IReadOnlyList<string> texts = named.TryTexts("tokens") ?? throw named.Wrong("tokens", "tokens were expected, found nothing");
            if (ids.Count != texts.Count)
            {
                throw named.Wrong(
                    "ids",
                    string.Create(CultureInfo.InvariantCulture, $"as many as the {texts.Count} tokens were expected, found {ids.Count}")
                );
            }

            template.AddRange(ids.Zip(texts, (id, text) => (AlignedToken?)new AlignedToken(id, text, 0, 0)));
            named.Ignore("id");
        }

        // Pairs of texts are not encoded here; their template may name special tokens that no single text has.
        part.Ignore("pair", "special_tokens");
        foreach (string name in specials?.Keys ?? [])
        {
            specials!.TrySection(name)?.Ignore("id", "ids", "tokens");
        }

        return template;
    }
}
