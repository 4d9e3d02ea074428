using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.Normalizers;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads the normalizers of a tokenizer.json.</summary>
internal static class NormalizerPart
{
    /// <summary>The steps in order; a sequence within a sequence is laid flat.</summary>
    public static List<INormalizer> Read(JsonSettings file, string key)
    {
        List<INormalizer> steps = [];
        if (file.TrySection(key) is { } part)
        {
            Read(part, steps);
        }

        return steps;
    }

    private static void Read(JsonSettings part, List<INormalizer> steps)
    {
        switch (PartReader.Type(part))
        {
            case "Sequence":
                foreach (JsonSettings step in part.Sections("normalizers"))
                {
                    Read(step, steps);
                }

                break;
            case "NFC":
                steps.Add(new NfcNormalizer());
                break;
            case "Lowercase":
                steps.Add(new LowercaseNormalizer());
                break;
            case "Prepend":
                steps.Add(new PrependNormalizer(part.Text("prepend")));
                break;
            case "Replace":
                steps.Add(new ReplaceNormalizer(PartReader.Pattern(part), part.Text("content")));
                break;
            default:
                throw PartReader.Unknown(part, "Sequence", "NFC", "Lowercase", "Prepend", "Replace");
        }
    }
}
