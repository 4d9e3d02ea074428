using System.Diagnostics;
using System.Text.RegularExpressions;
using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.Characters;

/// <summary>A regular expression or a plain text that normalizers, pre-tokenizers and decoders look for.</summary>
internal sealed class TextPattern
{
    /// <summary>Patterns in use take microseconds; one that takes this long on a text would take for ever on another.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private readonly int[] _text;
    private readonly Regex? _regex;
    private readonly string _pattern;
    private readonly string _file;

    private TextPattern(string file, string pattern, int[] text, Regex? regex)
    {
        _file = file;
        _pattern = pattern;
        _text = text;
        _regex = regex;
    }

    /// <summary>Looks for a plain text.</summary>
    public static TextPattern OfText(string text) => new("", text, AlignedText.CodePoints(text), null);

    /// <summary>Looks for a regular expression of Oniguruma.</summary>
    /// <param name="file">The file that holds it, for errors at run time.</param>
    /// <param name="pattern">The regular expression.</param>
    /// <exception cref="NotSupportedException">It cannot be written for .NET.</exception>
    public static TextPattern OfRegex(string file, string pattern)
    {
        try
        {
            return new TextPattern(
                file,
                pattern,
                [],
                new Regex(PatternTranslation.ToDotNet(pattern), RegexOptions.CultureInvariant, TimeLimit)
            );
        }
        catch (ArgumentException exception)
        {
            throw new NotSupportedException(exception.Message, exception);
        }
    }

    /// <summary>The matches that are not empty and what lies between them, in order, covering the text.</summary>
    /// <exception cref="CheckpointException">The regular expression takes too long.</exception>
    public List<PatternMatch> Find(ReadOnlySpan<AlignedCharacter> text)
    {
        List<PatternMatch> found = [];
        int end = 0;
        if (_regex is null)
        {
            for (int at = 0; at + _text.Length <= text.Length && _text.Length > 0; )
            {
                if (!IsTextAt(text[at..]))
                {
                    at++;
                    continue;
                }

                end = Add(found, end, at, at + _text.Length);
                at = end;
            }
        }
        else
        {
            end = FindRegex(text, found);
        }

        if (end < text.Length)
        {
            found.Add(new PatternMatch(end, text.Length, IsMatch: false));
        }

        return found;
    }

    private int FindRegex(ReadOnlySpan<AlignedCharacter> text, List<PatternMatch> found)
    {
        // One unit for each character, so that the indices are those of the characters.
        char[] units = new char[text.Length];
        for (int index = 0; index < units.Length; index++)
        {
            units[index] = CharacterClasses.StandIn(text[index].Value);
        }

        int end = 0;
        long start = Stopwatch.GetTimestamp();
        try
        {
            foreach (ValueMatch match in _regex!.EnumerateMatches(units))
            {
                if (match.Length > 0)
                {
                    end = Add(found, end, match.Index, match.Index + match.Length);
                }

                // The limit of the regular expression is one for each match, and there may be as many as characters.
                if (Stopwatch.GetElapsedTime(start) > TimeLimit)
                {
                    throw TooSlow(units.Length);
                }
            }
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw TooSlow(units.Length, exception);
        }

        return end;
    }

    private static int Add(List<PatternMatch> found, int previousEnd, int start, int end)
    {
        if (start > previousEnd)
        {
            found.Add(new PatternMatch(previousEnd, start, IsMatch: false));
        }

        found.Add(new PatternMatch(start, end, IsMatch: true));
        return end;
    }

    private bool IsTextAt(ReadOnlySpan<AlignedCharacter> text)
    {
        for (int index = 0; index < _text.Length; index++)
        {
            if (text[index].Value != _text[index])
            {
                return false;
            }
        }

        return true;
    }

    private CheckpointException TooSlow(int characters, Exception? cause = null) =>
        new(
            _file,
            $"the pattern \"{_pattern}\" took longer than {TimeLimit.TotalSeconds} s on {characters} characters; a tokenizer's patterns take time in proportion to the text.",
            innerException: cause
        );
}
