using Microsoft.ML.Tokenizers;
using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Encodes text by a SentencePiece model.</summary>
internal sealed class SentencePieceEncoder(SentencePieceTokenizer tokenizer) : ITextEncoder
{
    private const char EscapedSpace = '\u2581';

    public void Encode(ReadOnlyMemory<AlignedCharacter> text, bool cutAddedTokens, List<AlignedToken> tokens)
    {
        string original = AlignedText.ToText(text.Span);
        IReadOnlyList<EncodedToken> encoded = tokenizer.EncodeToTokens(
            original,
            out string? normalized,
            addBeginningOfSentence: false,
            addEndOfSentence: false
        );

        // Offsets refer to the normalized text, which may carry one more leading space; it stands for the first character.
        string seen = normalized ?? original;
        int shift = seen.Length - original.Length;
        if (shift is < 0 or > 1 || !seen.AsSpan(shift).SequenceEqual(original.Replace(' ', EscapedSpace)))
        {
            throw new NotSupportedException(
                $"The tokenizer rewrites \"{original}\" into \"{seen}\", so that its tokens have no places in the text. Give token ids."
            );
        }

        int[] characterAt = CharacterAt(original);
        ReadOnlySpan<AlignedCharacter> characters = text.Span;
        (int Start, int End) range = default;
        foreach (EncodedToken token in encoded)
        {
            (int offset, int length) = token.Offset.GetOffsetAndLength(seen.Length);
            if (length > 0)
            {
                int first = characterAt[Math.Max(offset - shift, 0)];
                int last = characterAt[Math.Max(offset + length - 1 - shift, 0)];
                range = (characters[first].Start, characters[last].End);
            }

            // The second and later bytes of a character have no width of their own: they stand for the character too.
            tokens.Add(new AlignedToken(token.Id, token.Value, range.Start, range.End));
        }
    }

    public AddedToken? FindAddedToken(ReadOnlyMemory<AlignedCharacter> text) => null;

    /// <summary>For each UTF-16 unit the index of its character.</summary>
    private static int[] CharacterAt(string text)
    {
        int[] characters = new int[text.Length];
        for (int unit = 0, character = -1; unit < text.Length; unit++)
        {
            character += unit > 0 && char.IsSurrogatePair(text[unit - 1], text[unit]) ? 0 : 1;
            characters[unit] = character;
        }

        return characters;
    }
}
