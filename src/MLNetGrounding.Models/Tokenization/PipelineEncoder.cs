using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.BytePairs;
using MLNetGrounding.Models.Tokenization.Normalizers;
using MLNetGrounding.Models.Tokenization.PreTokenizers;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>The steps of a tokenizer.json: normalize, cut added tokens out of the normalized text, cut into pieces, encode each.</summary>
internal sealed class PipelineEncoder : ITextEncoder
{
    private readonly IReadOnlyList<INormalizer> _normalizers;
    private readonly IReadOnlyList<IPreTokenizer> _preTokenizers;
    private readonly BytePairEncoder _bytePairs;
    private readonly AddedTokenCutter _addedTokens;

    public PipelineEncoder(
        IReadOnlyList<INormalizer> normalizers,
        IReadOnlyList<IPreTokenizer> preTokenizers,
        BytePairEncoder bytePairs,
        IEnumerable<AddedToken> addedTokens
    )
    {
        _normalizers = normalizers;
        _preTokenizers = preTokenizers;
        _bytePairs = bytePairs;
        _addedTokens = new AddedTokenCutter(
            addedTokens
                .Where(token => token.IsNormalized)
                .Select(token => (AlignedText.ToText(Normalize(AlignedText.Of(token.Text)).Span), token))
        );
    }

    public void Encode(ReadOnlyMemory<AlignedCharacter> text, bool cutAddedTokens, List<AlignedToken> tokens)
    {
        ReadOnlyMemory<AlignedCharacter> normalized = Normalize(text);
        if (!cutAddedTokens)
        {
            EncodePieces(normalized, tokens);
            return;
        }

        foreach ((ReadOnlyMemory<AlignedCharacter> part, AddedToken? token) in _addedTokens.Cut(normalized))
        {
            if (token is null)
            {
                EncodePieces(part, tokens);
            }
            else
            {
                ReadOnlySpan<AlignedCharacter> characters = part.Span;
                tokens.Add(new AlignedToken(token.Id, AlignedText.ToText(characters), characters[0].Start, characters[^1].End));
            }
        }
    }

    public AddedToken? FindAddedToken(ReadOnlyMemory<AlignedCharacter> text) =>
        _addedTokens.Cut(Normalize(text)).Find(part => part.Token is not null).Token;

    private ReadOnlyMemory<AlignedCharacter> Normalize(ReadOnlyMemory<AlignedCharacter> text)
    {
        foreach (INormalizer normalizer in _normalizers)
        {
            text = text.IsEmpty ? text : normalizer.Normalize(text);
        }

        return text;
    }

    private void EncodePieces(ReadOnlyMemory<AlignedCharacter> text, List<AlignedToken> tokens)
    {
        List<ReadOnlyMemory<AlignedCharacter>> pieces = text.IsEmpty ? [] : [text];
        foreach (IPreTokenizer preTokenizer in _preTokenizers)
        {
            List<ReadOnlyMemory<AlignedCharacter>> smaller = new(pieces.Count);
            foreach (ReadOnlyMemory<AlignedCharacter> piece in pieces)
            {
                preTokenizer.Split(piece, smaller);
            }

            pieces = smaller;
        }

        foreach (ReadOnlyMemory<AlignedCharacter> piece in pieces)
        {
            _bytePairs.Encode(piece.Span, tokens);
        }
    }
}
