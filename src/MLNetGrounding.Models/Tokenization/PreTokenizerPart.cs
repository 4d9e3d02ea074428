using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.PreTokenizers;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads the pre-tokenizers of a tokenizer.json.</summary>
internal static class PreTokenizerPart
{
    private static readonly (string, SplitBehavior)[] Behaviors =
    [
        ("Isolated", SplitBehavior.Isolated),
        ("Removed", SplitBehavior.Removed),
        ("Contiguous", SplitBehavior.Contiguous),
        ("MergedWithPrevious", SplitBehavior.MergedWithPrevious),
        ("MergedWithNext", SplitBehavior.MergedWithNext),
    ];

    private static readonly (string, PrependScheme)[] Schemes =
    [
        ("always", PrependScheme.Always),
        ("first", PrependScheme.First),
        ("never", PrependScheme.Never),
    ];

    /// <summary>The steps in order; a sequence within a sequence is laid flat.</summary>
    public static List<IPreTokenizer> Read(JsonSettings file, string key)
    {
        List<IPreTokenizer> steps = [];
        if (file.TrySection(key) is { } part)
        {
            Read(part, steps);
        }

        return steps;
    }

    /// <summary>When Metaspace puts its character in front; older files say so by <c>add_prefix_space</c>.</summary>
    public static PrependScheme ReadScheme(JsonSettings part)
    {
        bool prefix = part.Flag("add_prefix_space", true);
        PrependScheme scheme = part.Choice("prepend_scheme", Schemes, prefix ? PrependScheme.Always : PrependScheme.Never);
        return prefix || scheme == PrependScheme.Never
            ? scheme
            : throw part.Wrong("add_prefix_space", "false contradicts 'prepend_scheme'");
    }

    private static void Read(JsonSettings part, List<IPreTokenizer> steps)
    {
        switch (PartReader.Type(part))
        {
            case "Sequence":
                foreach (JsonSettings step in part.Sections("pretokenizers"))
                {
                    Read(step, steps);
                }

                break;
            case "Split":
                steps.Add(new SplitPreTokenizer(PartReader.Pattern(part), part.Choice("behavior", Behaviors), part.Flag("invert", false)));
                break;
            case "Digits":
                steps.Add(new DigitsPreTokenizer(part.Flag("individual_digits", false)));
                break;
            case "ByteLevel":
                steps.Add(new ByteLevelPreTokenizer(part.Flag("add_prefix_space", true), part.Flag("use_regex", true)));
                part.Ignore("trim_offsets");
                break;
            case "Metaspace":
                steps.Add(
                    new MetaspacePreTokenizer(
                        PartReader.Character(part, "replacement", "\u2581").Value,
                        ReadScheme(part),
                        part.Flag("split", true)
                    )
                );
                part.Ignore("str_rep");
                break;
            default:
                throw PartReader.Unknown(part, "Sequence", "Split", "Digits", "ByteLevel", "Metaspace");
        }
    }
}
