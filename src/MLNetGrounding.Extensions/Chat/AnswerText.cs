namespace MLNetGrounding.Extensions.Chat;

/// <summary>The text of an answer while it grows: without white space at its beginning, and cut before a text that ends it.</summary>
/// <param name="stops">Texts that end an answer, none of them empty.</param>
internal sealed class AnswerText(IReadOnlyList<string> stops)
{
    private readonly List<string> _pieces = [];
    private string _whole = "";
    private int _searched;
    private int? _cut;

    /// <summary>Whether a text that ends the answer was found.</summary>
    public bool IsStopped => _cut is not null;

    /// <summary>Where what is shown begins: behind white space.</summary>
    public int Start => _whole.Length - _whole.AsSpan().TrimStart().Length;

    /// <summary>Where what is known to be shown ends. What may be the beginning of a text that ends the answer is held back.</summary>
    public int End { get; private set; }

    /// <summary>The text between two places.</summary>
    public string this[Range range] => _whole[range];

    /// <summary>The words so far, without what is cut off; the last one may still grow.</summary>
    public IReadOnlyList<AnswerWord> Words
    {
        get
        {
            if (_cut is not { } cut)
            {
                return AnswerWord.Join(_pieces);
            }

            List<string> kept = [];
            foreach (string piece in _pieces)
            {
                int left = Math.Clamp(cut, 0, piece.Length);
                kept.Add(piece[..left]);
                cut -= left;
            }

            return AnswerWord.Join(kept);
        }
    }

    /// <summary>Adds what a token completed.</summary>
    public void Add(string piece)
    {
        _pieces.Add(piece);
        Grow(piece);
    }

    /// <summary>Adds what was held back until the answer's end, which belongs to the last token.</summary>
    public void Complete(string rest)
    {
        if (_pieces.Count > 0)
        {
            _pieces[^1] += rest;
            Grow(rest);
        }

        End = _cut ?? _whole.Length;
    }

    private void Grow(string piece)
    {
        if (IsStopped)
        {
            return;
        }

        // The one that is whole first counts, of several that end together the longest, so that it makes no difference in which pieces the
        // text comes.
        _whole += piece;
        int first = int.MaxValue;
        foreach (string stop in stops)
        {
            // One that began before what was added may have become whole.
            int found = _whole.IndexOf(stop, Math.Max(0, _searched - stop.Length + 1), StringComparison.Ordinal);
            int end = found + stop.Length;
            if (found >= 0 && (end < first || (end == first && found < _cut)))
            {
                (first, _cut) = (end, found);
            }
        }

        _searched = _whole.Length;
        End = _cut ?? _whole.Length - HeldBack();
    }

    private int HeldBack()
    {
        for (int length = Math.Min(_whole.Length, stops.Select(stop => stop.Length - 1).DefaultIfEmpty(0).Max()); length > 0; length--)
        {
            ReadOnlySpan<char> tail = _whole.AsSpan(_whole.Length - length);
            foreach (string stop in stops)
            {
                if (stop.AsSpan().StartsWith(tail, StringComparison.Ordinal))
                {
                    return length;
                }
            }
        }

        return 0;
    }
}
