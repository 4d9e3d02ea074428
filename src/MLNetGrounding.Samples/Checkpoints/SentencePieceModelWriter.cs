using Google.Protobuf;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>Writes small SentencePiece models (byte-pair encoding, Llama's normalization) in which every given word is one token.</summary>
/// <remarks>
/// Byte-pair encoding joins neighbors, so a word needs all its beginnings as pieces too: <c>▁b</c>, <c>▁be</c>, <c>▁bea</c>, <c>▁beak</c>.
/// Every printable ASCII character and the line feed is a piece, so that any English text has tokens; other characters are unknown.
/// </remarks>
internal static class SentencePieceModelWriter
{
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const string Space = "\u2581";

    /// <summary>Writes the model.</summary>
    /// <param name="path">The file to write, usually <c>tokenizer.model</c>.</param>
    /// <param name="words">The words that become one token each, with the space before them.</param>
    /// <returns>The pieces; a token's id is its index.</returns>
    public static IReadOnlyList<string> Write(string path, IEnumerable<string> words)
    {
        List<string> pieces =
        [
            "<unk>",
            "<s>",
            "</s>",
            "\n",
            Space,
            .. Enumerable.Range('!', '~' - '!' + 1).Select(character => ((char)character).ToString()),
        ];
        HashSet<string> known = [.. pieces];
        foreach (string word in words)
        {
            for (int length = 1; length <= word.Length; length++)
            {
                string beginning = Space + word[..length];
                if (known.Add(beginning))
                {
                    pieces.Add(beginning);
                }
            }
        }

        using FileStream stream = File.Create(path);
        using CodedOutputStream model = new(stream);
        for (int id = 0; id < pieces.Count; id++)
        {
            int kind =
                id == 0 ? Unknown
                : id < 3 ? Control
                : Normal;
            int score = -id;
            Message(
                model,
                1,
                piece =>
                {
                    Text(piece, 1, pieces[id]);
                    piece.WriteTag(2, WireFormat.WireType.Fixed32);
                    piece.WriteFloat(score);
                    Number(piece, 3, kind);
                }
            );
        }

        Message(
            model,
            2,
            trainer =>
            {
                const int bytePair = 2;
                Number(trainer, 3, bytePair);
                Number(trainer, 4, pieces.Count);
                Number(trainer, 40, 0);
                Number(trainer, 41, 1);
                Number(trainer, 42, 2);
            }
        );
        Message(
            model,
            3,
            normalizer =>
            {
                const int yes = 1;
                Text(normalizer, 1, "identity");
                Number(normalizer, 3, yes);
                Number(normalizer, 4, 0);
                Number(normalizer, 5, yes);
            }
        );
        return pieces;
    }

    private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using MemoryStream buffer = new();
        using (CodedOutputStream message = new(buffer, leaveOpen: true))
        {
            write(message);
        }

        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(buffer.ToArray()));
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Number(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }
}
