using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetGrounding.Fuzz;

/// <summary>Changes bytes as damage does, and texts as somebody does who knows their grammar.</summary>
internal static partial class Mutator
{
    private static readonly long[] Numbers =
    [
        0,
        1,
        -1,
        2,
        7,
        127,
        128,
        255,
        256,
        32767,
        65535,
        65536,
        500_000_001,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        1L << 32,
        1L << 40,
        long.MaxValue,
        long.MinValue,
    ];

    private static readonly string[] Tokens =
    [
        "0",
        "1",
        "-1",
        "3",
        "500000001",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "18446744073709551616",
        "1e308",
        "1e400",
        "-1e400",
        "1e-400",
        "0.5",
        "NaN",
        "Infinity",
        "-Infinity",
        "\"NaN\"",
        "\"Infinity\"",
        "null",
        "true",
        "false",
        "[]",
        "{}",
        "\"\"",
        "\"a\"",
        "[0]",
        "{\"a\":1}",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"\\u0000\"",
        "\u0000",
        "\u00e9",
        "\U0001f426",
        "\ufeff",
        "\"",
        "'",
        ",",
        ":",
        ";",
        "[",
        "]",
        "{",
        "}",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x",
        "a b",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "=1+1",
        "\u202e",
        "\ud800",
    ];

    /// <summary>Changes bytes.</summary>
    public static byte[] Bytes(byte[] valid, IReadOnlyList<Change> changes)
    {
        byte[] bytes = valid;
        foreach (Change change in changes)
        {
            bytes = Bytes(bytes, change);
        }

        return bytes;
    }

    /// <summary>Changes a text by its tokens, and now and then its bytes.</summary>
    public static byte[] Text(byte[] valid, IReadOnlyList<Change> changes)
    {
        byte[] bytes = valid;
        foreach (Change change in changes)
        {
            bytes =
                change.Kind % 8 == 0
                    ? Bytes(bytes, change with { Kind = change.Kind / 8 })
                    : Token(bytes, change with { Kind = change.Kind / 8 });
        }

        return bytes;
    }

    /// <summary>Where in something of a length a change is.</summary>
    public static int PlaceIn(Change change, int length) => length == 0 ? 0 : (int)((long)change.Place * length / 1_000_000);

    private static byte[] Bytes(byte[] bytes, Change change)
    {
        int place = PlaceIn(change, bytes.Length);
        int extent = Math.Min(1 + (change.Extent % 64), bytes.Length - place);
        if (bytes.Length == 0)
        {
            return [(byte)change.Value];
        }

        byte[] changed = [.. bytes];
        switch (change.Kind % 10)
        {
            case 0:
                changed[place] ^= (byte)(1 << (change.Value % 8));
                return changed;
            case 1:
                changed[place] = (byte)change.Value;
                return changed;
            case 2:
                return [.. bytes[..place], .. bytes[(place + extent)..]];
            case 3:
                return [.. bytes[..place], .. bytes.AsSpan(place, extent), .. bytes[place..]];
            case 4:
                return bytes[..place];
            case 5:
                changed.AsSpan(place, extent).Fill((byte)change.Value);
                return changed;
            case 6:
                return [.. bytes[..place], .. Enumerable.Repeat((byte)change.Value, extent), .. bytes[place..]];
            case 7 when place + 8 <= bytes.Length:
                BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(place), Numbers[change.Value % Numbers.Length]);
                return changed;
            case 8 when place + 4 <= bytes.Length:
                BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(place), (int)Numbers[change.Value % Numbers.Length]);
                return changed;
            case 9 when place + 4 <= bytes.Length:
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(place), (int)Numbers[change.Value % Numbers.Length]);
                return changed;
            default:
                changed[place] = 0xff;
                return changed;
        }
    }

    private static byte[] Token(byte[] bytes, Change change)
    {
        string text = Encoding.UTF8.GetString(bytes);
        MatchCollection tokens = TokenPattern().Matches(text);
        if (tokens.Count == 0)
        {
            return Encoding.UTF8.GetBytes(Tokens[change.Value % Tokens.Length]);
        }

        Match token = tokens[PlaceIn(change, tokens.Count)];
        Match other = tokens[change.Extent % tokens.Count];
        string changed = (change.Kind % 8) switch
        {
            0 => Replace(text, token, ""),
            1 => Replace(text, token, token.Value + token.Value),
            2 => Replace(text, token, other.Value),
            3 => Line(text, token.Index, line => ""),
            4 => Line(text, token.Index, line => line + line),
            5 => Replace(text, token, new string((char)('0' + (change.Value % 10)), 1 + (change.Extent % 5000))),
            6 => Replace(text, token, string.Concat(Enumerable.Repeat(change.Value % 2 == 0 ? "[" : "{\"a\":", 1 + (change.Extent % 300)))),
            _ => Replace(text, token, Tokens[change.Value % Tokens.Length]),
        };
        return Encoding.UTF8.GetBytes(changed);
    }

    private static string Replace(string text, Match token, string otherwise) =>
        string.Concat(text.AsSpan(0, token.Index), otherwise, text.AsSpan(token.Index + token.Length));

    private static string Line(string text, int place, Func<string, string> change)
    {
        int start = place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;
        int end = text.IndexOf('\n', place) is >= 0 and var found ? found + 1 : text.Length;
        return string.Concat(text.AsSpan(0, start), change(text[start..end]), text.AsSpan(end));
    }

    [GeneratedRegex("""-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|"(\\.|[^"\\])*"|[A-Za-z_]+|[^\s]|\s+""")]
    private static partial Regex TokenPattern();
}
