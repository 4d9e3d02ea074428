using MLNetGrounding.Models.Tokenization.Decoders;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Turns tokens into text as they come, giving out only what no later token changes.</summary>
/// <remarks>
/// Made by <see cref="TextTokenizer.DecodeStream"/>. Text that ends in U+FFFD is held back, for it may be the beginning of a character. Not
/// for use by several threads at a time.
/// </remarks>
internal sealed class StreamingDecoder
{
    private readonly DecoderChain _decoders;
    private readonly Func<int, string?> _textOf;
    private readonly List<string> _waiting = [];
    private bool _continues;
    private int _given;

    public StreamingDecoder(DecoderChain decoders, Func<int, string?> textOf)
    {
        _decoders = decoders;
        _textOf = textOf;
    }

    /// <summary>Takes the next token.</summary>
    /// <param name="id">Its id; one outside the vocabulary is left out.</param>
    /// <returns>The text that became complete, or <see langword="null"/> where none did.</returns>
    public string? Append(int id)
    {
        if (_textOf(id) is not { } token)
        {
            return null;
        }

        _waiting.Add(token);
        string text = _decoders.Decode(_waiting, _continues);
        return text.Length <= _given || text.EndsWith('\uFFFD') ? null : Give(text);
    }

    /// <summary>Ends the text and begins a new one.</summary>
    /// <returns>What was held back; empty where nothing was.</returns>
    public string Complete()
    {
        string text = _decoders.Decode(_waiting, _continues);
        string rest = text.Length > _given ? text[_given..] : "";
        _waiting.Clear();
        _continues = false;
        _given = 0;
        return rest;
    }

    private string Give(string text)
    {
        string given = text[_given..];
        if (_decoders.IsContinuable)
        {
            // What comes next is decoded by itself: the cost of an answer is in proportion to its length.
            _waiting.Clear();
            _continues = true;
        }
        else
        {
            _given = text.Length;
        }

        return given;
    }
}
