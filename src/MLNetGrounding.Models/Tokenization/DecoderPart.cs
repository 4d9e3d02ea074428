using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.Decoders;
using MLNetGrounding.Models.Tokenization.PreTokenizers;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads the decoders of a tokenizer.json.</summary>
internal static class DecoderPart
{
    /// <summary>The steps in order; a sequence within a sequence is laid flat. A file without decoders joins tokens by spaces.</summary>
    public static DecoderChain Read(JsonSettings file, string key)
    {
        Steps steps = new();
        if (file.TrySection(key) is { } part)
        {
            Read(part, steps);
        }
        else
        {
            steps.List.Add(new JoinDecoder());
        }

        return new DecoderChain(steps.List, steps.AreContinuable);
    }

    private static void Read(JsonSettings part, Steps steps)
    {
        switch (PartReader.Type(part))
        {
            case "Sequence":
                foreach (JsonSettings step in part.Sections("decoders"))
                {
                    Read(step, steps);
                }

                break;
            case "ByteLevel":
                steps.List.Add(new ByteLevelDecoder());
                steps.AreJoined = true;
                part.Ignore("add_prefix_space", "trim_offsets", "use_regex");
                break;
            case "ByteFallback":
                steps.List.Add(new ByteFallbackDecoder());
                break;
            case "Fuse":
                steps.List.Add(new FuseDecoder());
                steps.AreJoined = true;
                break;
            case "Replace":
                steps.List.Add(new ReplaceDecoder(PartReader.Pattern(part), part.Text("content")));

                // A match may reach from what was given out into what comes.
                steps.AreContinuable &= !steps.AreJoined;
                break;
            case "Strip":
                int stop = part.Int("stop", 0, int.MaxValue, 0);
                steps.List.Add(
                    new StripDecoder(PartReader.Character(part, "content"), part.Int("start", 0, int.MaxValue, 0), stop, steps.AreJoined)
                );

                // What is taken off the end comes back when more follows.
                steps.AreContinuable &= !steps.AreJoined || stop == 0;
                break;
            case "Metaspace":
                bool prepended = PreTokenizerPart.ReadScheme(part) != PrependScheme.Never;
                steps.List.Add(new MetaspaceDecoder(PartReader.Character(part, "replacement", "\u2581").ToString(), prepended));
                part.Ignore("split", "str_rep");
                break;
            default:
                throw PartReader.Unknown(part, "Sequence", "ByteLevel", "ByteFallback", "Fuse", "Replace", "Strip", "Metaspace");
        }
    }

    private sealed class Steps
    {
        public List<ITokenDecoder> List { get; } = [];

        /// <summary>Whether what comes next sees the text as a whole.</summary>
        public bool AreJoined { get; set; }

        public bool AreContinuable { get; set; } = true;
    }
}
