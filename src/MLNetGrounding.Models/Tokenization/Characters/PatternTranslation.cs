using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetGrounding.Models.Tokenization.Characters;

/// <summary>
/// Writes a regular expression of Oniguruma, which tokenizer.json holds, as one of .NET that means the same on stand-ins.
/// </summary>
/// <remarks>
/// What would mean something else in .NET, and is not rewritten here, is refused by name. See <see cref="CharacterClasses.StandIn"/>.
/// </remarks>
internal sealed class PatternTranslation
{
    private const int LongestPattern = 10_000;
    private const char LongS = '\u017F';

    private static readonly HashSet<string> Categories =
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ];

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private readonly Stack<(int Start, bool IgnoreCase)> _groups = new();
    private int _at;
    private int _atom = -1;
    private bool _quantified;
    private bool _ignoreCase;

    private PatternTranslation(string pattern) => _pattern = pattern;

    /// <exception cref="NotSupportedException">The pattern holds something that is not known to mean the same.</exception>
    public static string ToDotNet(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            throw new NotSupportedException($"it has {pattern.Length} characters, at most {LongestPattern} are expected");
        }

        if (pattern.Any(char.IsSurrogate))
        {
            throw new NotSupportedException("it names a character beyond U+FFFF");
        }

        return new PatternTranslation(pattern).Translate();
    }

    private string Translate()
    {
        while (_at < _pattern.Length)
        {
            char character = _pattern[_at];
            switch (character)
            {
                case '\\':
                    Atom(Escape());
                    break;
                case '[':
                    Atom(Class());
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '|':
                    _output.Append('|');
                    _atom = -1;
                    _at++;
                    break;
                case '*' or '+' or '?':
                    Quantifier(character.ToString(), 1);
                    break;
                case '{':
                    Braces();
                    break;
                case '^':
                    // The beginning of every line, but not behind a line end that is the last character.
                    Atom(@"(?:\A|(?<=\n)(?!\z))");
                    _at++;
                    break;
                case '$':
                    Atom(@"(?=\n|\z)");
                    _at++;
                    break;
                case '.':
                    Atom(@"[^\n]");
                    _at++;
                    break;
                default:
                    Atom(Literal(character));
                    _at++;
                    break;
            }
        }

        return _groups.Count == 0 ? _output.ToString() : throw new NotSupportedException("a group is not closed");
    }

    private void Atom(string text)
    {
        _atom = _output.Length;
        _quantified = false;
        _output.Append(text);
    }

    private string Literal(char character) =>
        _ignoreCase && character is 's' or 'S' or LongS ? $"[sS{LongS}]" : Regex.Escape(character.ToString());

    private string Escape()
    {
        if (_at + 1 == _pattern.Length)
        {
            throw new NotSupportedException("it ends in a backslash");
        }

        char kind = _pattern[_at + 1];
        _at += 2;
        switch (kind)
        {
            case 'p' or 'P':
                return Property(kind);
            case 's' or 'S' or 'd' or 'D' or 't' or 'n' or 'r' or 'f' or 'v' or 'a' or 'e' or 'A' or 'z' or 'Z':
                return $"\\{kind}";
            case 'x' when _at < _pattern.Length && _pattern[_at] == '{':
                int end = _pattern.IndexOf('}', _at);
                string digits = end < 0 ? "" : _pattern[(_at + 1)..end];
                _at = end + 1;
                return Unit(digits, 1, 8);
            case 'x':
                return Unit(Digits(2), 1, 2);
            case 'u':
                return Unit(Digits(4), 4, 4);
            default:
                return char.IsAsciiLetterOrDigit(kind) ? throw new NotSupportedException($"it holds '\\{kind}'")
                    : Regex.Escape(kind.ToString()) is { Length: 1 } plain ? $"\\{plain}"
                    : Regex.Escape(kind.ToString());
        }
    }

    private string Digits(int most)
    {
        int end = _at;
        while (end < _pattern.Length && end < _at + most && char.IsAsciiHexDigit(_pattern[end]))
        {
            end++;
        }

        string digits = _pattern[_at..end];
        _at = end;
        return digits;
    }

    private static string Unit(string digits, int least, int most) =>
        digits.Length >= least
        && digits.Length <= most
        && uint.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint value)
        && value <= char.MaxValue
        && !char.IsSurrogate((char)value)
            ? $"\\u{value:X4}"
            : throw new NotSupportedException("it names a character by a number that is none up to U+FFFF");

    private string Property(char kind)
    {
        int end = _at < _pattern.Length && _pattern[_at] == '{' ? _pattern.IndexOf('}', _at) : -1;
        string name = end < 0 ? "" : _pattern[(_at + 1)..end];
        bool negated = name.StartsWith('^');
        string category = negated ? name[1..] : name;
        if (!Categories.Contains(category))
        {
            throw new NotSupportedException(
                $"it holds '\\{kind}{(end < 0 ? "" : $"{{{name}}}")}'; general categories such as \\p{{L}} are known"
            );
        }

        _at = end + 1;
        return $"\\{(negated == (kind == 'p') ? 'P' : 'p')}{{{category}}}";
    }

    private string Class()
    {
        _at++;
        bool negated = _at < _pattern.Length && _pattern[_at] == '^';
        _at += negated ? 1 : 0;
        StringBuilder content = new();
        for (bool first = true; ; first = false)
        {
            if (_at >= _pattern.Length)
            {
                throw new NotSupportedException("a class is not closed");
            }

            char character = _pattern[_at];
            if (character == ']' && !first)
            {
                _at++;
                break;
            }

            if (character == '[')
            {
                throw new NotSupportedException("it holds a class within a class");
            }

            if (character == '&' && _at + 1 < _pattern.Length && _pattern[_at + 1] == '&')
            {
                throw new NotSupportedException("it holds an intersection of classes, '&&'");
            }

            if (character == '\\')
            {
                content.Append(Escape());
                continue;
            }

            content.Append(character is ']' or '^' ? $"\\{character}" : character);
            _at++;
        }

        if (_ignoreCase && Regex.IsMatch("s", $"(?i:[{content}])", RegexOptions.CultureInvariant))
        {
            content.Append(LongS);
        }

        return $"[{(negated ? "^" : "")}{content}]";
    }

    private void OpenGroup()
    {
        string[] known = ["(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"];
        string? opening = Array.Find(known, text => string.CompareOrdinal(_pattern, _at, text, 0, text.Length) == 0);
        bool ignoreCase = _ignoreCase;
        if (opening is not null)
        {
            _at += opening.Length;
        }
        else if (string.CompareOrdinal(_pattern, _at, "(?", 0, 2) != 0)
        {
            // Nothing refers back to a group, so it need not be remembered.
            opening = "(?:";
            _at++;
        }
        else
        {
            int end = _pattern.AsSpan(_at).IndexOfAny(':', ')');
            string flags = end < 0 ? "" : _pattern[(_at + 2)..(_at + end)];
            if (flags is not ("i" or "-i") || (_pattern[_at + end] == ')' && _at > 0))
            {
                throw new NotSupportedException($"it holds the group '{_pattern.Substring(_at, Math.Min(8, _pattern.Length - _at))}'");
            }

            ignoreCase = flags == "i";
            bool whole = _pattern[_at + end] == ')';
            _at += end + 1;
            if (whole)
            {
                // At the very beginning the flag holds for the whole pattern.
                _output.Append("(?i)");
                _ignoreCase = ignoreCase;
                return;
            }

            opening = $"(?{flags}:";
        }

        _groups.Push((_output.Length, _ignoreCase));
        _output.Append(opening);
        _ignoreCase = ignoreCase;
        _atom = -1;
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out (int Start, bool IgnoreCase) group))
        {
            throw new NotSupportedException("a group is closed that was not opened");
        }

        _output.Append(')');
        _ignoreCase = group.IgnoreCase;
        _atom = group.Start;
        _quantified = false;
        _at++;
    }

    private void Braces()
    {
        Match braces = Regex.Match(
            _pattern[_at..],
            @"^\{(?:(?<least>\d{1,5})(?<comma>,(?<most>\d{0,5}))?|,(?<most>\d{1,5}))\}",
            RegexOptions.CultureInvariant
        );
        if (!braces.Success)
        {
            Atom(@"\{");
            _at++;
            return;
        }

        string least = braces.Groups["least"].Success ? braces.Groups["least"].Value : "0";
        bool range = braces.Groups["comma"].Success || !braces.Groups["least"].Success;
        Quantifier(range ? $"{{{least},{braces.Groups["most"].Value}}}" : $"{{{least}}}", braces.Length);
    }

    private void Quantifier(string quantifier, int length)
    {
        if (_atom < 0)
        {
            throw new NotSupportedException("it repeats nothing");
        }

        if (_quantified)
        {
            Wrap("(?:");
        }

        _at += length;
        _output.Append(quantifier);
        _quantified = true;
        char next = _at < _pattern.Length ? _pattern[_at] : '\0';
        bool braces = quantifier[0] == '{';
        if (next == '+' && !braces)
        {
            // Possessive; behind braces the plus repeats once more.
            Wrap("(?>");
            _quantified = false;
            _at++;
        }
        else if (next == '?' && (!braces || quantifier.Contains(',')))
        {
            _output.Append('?');
            _at++;
        }
    }

    private void Wrap(string opening)
    {
        _output.Insert(_atom, opening);
        _output.Append(')');
        _quantified = false;
    }
}
