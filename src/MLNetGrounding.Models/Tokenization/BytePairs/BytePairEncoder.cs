using System.Globalization;
using System.Text;
using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.BytePairs;

/// <summary>Byte-pair encoding of one piece of text: characters, and then the pair of lowest rank merged until none is left.</summary>
/// <remarks>Of equal rank the leftmost is merged first. The cost of a piece of n characters is in proportion to n log n.</remarks>
internal sealed class BytePairEncoder
{
    private readonly string _file;
    private readonly Vocabulary _vocabulary;
    private readonly BytePairOptions _options;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges;
    private readonly Dictionary<int, int> _characters = [];
    private readonly int?[] _bytes = new int?[256];

    /// <param name="file">The file that all this comes from, for errors.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">Pairs that merge, with their rank and what they become.</param>
    /// <param name="options">Everything else.</param>
    public BytePairEncoder(
        string file,
        Vocabulary vocabulary,
        Dictionary<(int Left, int Right), (int Rank, int Merged)> merges,
        BytePairOptions options
    )
    {
        _file = file;
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        foreach ((string text, int id) in vocabulary.Ids)
        {
            if (text.Length is 1 or 2 && Rune.TryGetRuneAt(text, 0, out Rune rune) && rune.Utf16SequenceLength == text.Length)
            {
                _characters[rune.Value] = id;
            }
        }

        for (int value = 0; value < _bytes.Length; value++)
        {
            _bytes[value] = vocabulary.IdOf(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
        }
    }

    /// <summary>Adds the tokens of a piece that is not empty.</summary>
    /// <exception cref="CheckpointException">A character cannot be spelled, and the unknown token is not in the vocabulary.</exception>
    public void Encode(ReadOnlySpan<AlignedCharacter> piece, List<AlignedToken> tokens)
    {
        if (_options.IgnoreMerges && _vocabulary.IdOf(AlignedText.ToText(piece)) is { } whole)
        {
            Add(tokens, whole, piece[0].Start, piece[^1].End);
            return;
        }

        List<Symbol> symbols = Spell(piece, out int[] characterOfByte);
        Merge(symbols);

        // Where characters were dropped the lengths close up, as they do in the library that the files are made for.
        int position = 0;
        foreach (Symbol symbol in symbols)
        {
            if (symbol.Length == 0)
            {
                continue;
            }

            int first = characterOfByte[Math.Min(position, characterOfByte.Length - 1)];
            position += symbol.Length;
            int last = characterOfByte[Math.Min(position, characterOfByte.Length) - 1];
            Add(tokens, symbol.Id, piece[first].Start, piece[last].End);
        }
    }

    private void Add(List<AlignedToken> tokens, int id, int start, int end) =>
        tokens.Add(new AlignedToken(id, _vocabulary.TryGetText(id, out string? text) ? text : "", start, end));

    /// <summary>The characters of a piece as tokens.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="characterOfByte">For each byte of the piece as UTF-8 the index of its character.</param>
    private List<Symbol> Spell(ReadOnlySpan<AlignedCharacter> piece, out int[] characterOfByte)
    {
        List<Symbol> symbols = new(piece.Length);
        List<int> owners = new(piece.Length);
        Symbol? unknown = null;
        for (int index = 0; index < piece.Length; index++)
        {
            Rune character = new(piece[index].Value);
            int length = character.Utf8SequenceLength;
            for (int part = 0; part < length; part++)
            {
                owners.Add(index);
            }

            bool marked =
                (index > 0 && _options.ContinuingPrefix.Length > 0) || (index == piece.Length - 1 && _options.EndOfWordSuffix.Length > 0);
            string? text = marked ? Marked(character, index > 0, index == piece.Length - 1) : null;
            if (
                (text is null ? (_characters.TryGetValue(character.Value, out int found) ? found : null) : _vocabulary.IdOf(text)) is { } id
            )
            {
                if (unknown is not null)
                {
                    symbols.Add(unknown.Value);
                    unknown = null;
                }

                symbols.Add(new Symbol(id, length));
            }
            else if (_options.ByteFallback && TrySpellBytes(text ?? character.ToString(), symbols))
            {
                // An unknown character before these bytes comes after them, as in the library that the files are made for.
            }
            else if (_options.UnknownToken is { } token)
            {
                if (unknown is { } pending && !_options.FuseUnknown)
                {
                    symbols.Add(pending);
                    unknown = null;
                }

                unknown = new Symbol(
                    _vocabulary.IdOf(token)
                        ?? throw new CheckpointException(
                            _file,
                            $"U+{character.Value:X4} cannot be spelled, and 'model.unk_token' is '{token}', which is not in the vocabulary."
                        ),
                    length + (unknown?.Length ?? 0)
                );
            }
        }

        if (unknown is { } last)
        {
            symbols.Add(last);
        }

        characterOfByte = [.. owners];
        return symbols;
    }

    private string Marked(Rune character, bool continues, bool ends) =>
        $"{(continues ? _options.ContinuingPrefix : "")}{character}{(ends ? _options.EndOfWordSuffix : "")}";

    private bool TrySpellBytes(string text, List<Symbol> symbols)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (Array.Exists(bytes, value => _bytes[value] is null))
        {
            return false;
        }

        symbols.AddRange(bytes.Select(value => new Symbol(_bytes[value]!.Value, 1)));
        return true;
    }

    /// <summary>Merges in place; what was merged into its left neighbor keeps length 0.</summary>
    private void Merge(List<Symbol> symbols)
    {
        int count = symbols.Count;
        int[] next = new int[count];
        int[] previous = new int[count];
        PriorityQueue<(int At, int Merged), (int Rank, int At)> queue = new();
        for (int index = 0; index < count; index++)
        {
            next[index] = index + 1 < count ? index + 1 : -1;
            previous[index] = index - 1;
            Propose(index);
        }

        while (queue.TryDequeue(out (int At, int Merged) candidate, out _))
        {
            int left = candidate.At;
            int right = next[left];

            // Stale where the pair at this place has gone, or now makes something else.
            if (
                symbols[left].Length == 0
                || right < 0
                || !_merges.TryGetValue((symbols[left].Id, symbols[right].Id), out (int Rank, int Merged) merge)
                || merge.Merged != candidate.Merged
            )
            {
                continue;
            }

            symbols[left] = new Symbol(merge.Merged, symbols[left].Length + symbols[right].Length);
            symbols[right] = symbols[right] with { Length = 0 };
            next[left] = next[right];
            if (next[left] >= 0)
            {
                previous[next[left]] = left;
            }

            if (previous[left] >= 0)
            {
                Propose(previous[left]);
            }

            Propose(left);
        }

        void Propose(int at)
        {
            int right = next[at];
            if (right >= 0 && _merges.TryGetValue((symbols[at].Id, symbols[right].Id), out (int Rank, int Merged) merge))
            {
                queue.Enqueue((at, merge.Merged), (merge.Rank, at));
            }
        }
    }

    /// <param name="Id">The token.</param>
    /// <param name="Length">Its length in bytes of UTF-8 of the normalized text; 0 where it was merged into its left neighbor.</param>
    private readonly record struct Symbol(int Id, int Length);
}
