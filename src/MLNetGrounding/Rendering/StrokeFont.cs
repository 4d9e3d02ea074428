using SkiaSharp;

namespace MLNetGrounding;

/// <summary>Capital letters made of straight strokes, so that labels look the same on systems without fonts.</summary>
internal static class StrokeFont
{
    /// <summary>Height of a capital, in units of the glyphs.</summary>
    private const float CapitalHeight = 6;

    private const float LetterGap = 2.2f;
    private const float SpaceWidth = 2;

    /// <summary>Each glyph is strokes between blanks, each stroke points of column (0 to 4) and row (0 to 6, downwards).</summary>
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['A'] = "062046 1434",
        ['B'] = "00063645443303 3342413000",
        ['C'] = "4130100105163645",
        ['D'] = "00062644422000",
        ['E'] = "40000646 0333",
        ['F'] = "400006 0333",
        ['G'] = "41301001051636454323",
        ['H'] = "0006 4046 0343",
        ['I'] = "0006",
        ['J'] = "3035261605",
        ['K'] = "0006 400346",
        ['L'] = "000636",
        ['M'] = "0600234046",
        ['N'] = "06004640",
        ['O'] = "100105163645413010",
        ['P'] = "06003041423303",
        ['Q'] = "100105163645413010 3446",
        ['R'] = "06003041423303 2346",
        ['S'] = "413010010213334445361605",
        ['T'] = "0040 2026",
        ['U'] = "000516364540",
        ['V'] = "002640",
        ['W'] = "0016223640",
        ['X'] = "0046 4006",
        ['Y'] = "002340 2326",
        ['Z'] = "00400646",
        ['0'] = "100105163645413010",
        ['1'] = "011016",
        ['2'] = "01103041420646",
        ['3'] = "0040224345361605",
        ['4'] = "36300444",
        ['5'] = "400002324345361605",
        ['6'] = "413010010516364544331304",
        ['7'] = "004016",
        ['8'] = "13020110304142331304051636454433",
        ['9'] = "051636454130100102133342",
        ['.'] = "0606",
        [','] = "1507",
        [':'] = "0202 0606",
        ['-'] = "0333",
        ['_'] = "0646",
        ['/'] = "0640",
        ['%'] = "0640 0010110100 3545463635",
        ['('] = "20111526",
        [')'] = "00111506",
        ['='] = "0242 0444",
        ['+'] = "0343 2125",
        ['\''] = "0002",
        ['?'] = "0110304142232324 2626",
    };

    /// <summary>The strokes of a text; lower case becomes upper case, and characters without a glyph become question marks.</summary>
    /// <param name="text">The text, in one line.</param>
    /// <param name="height">The height of a capital.</param>
    /// <returns>A path from the top left corner at the origin.</returns>
    public static SKPath PathOf(string text, float height)
    {
        float scale = height / CapitalHeight;
        var path = new SKPath();
        float left = 0;
        foreach (char character in text.ToUpperInvariant())
        {
            if (char.IsWhiteSpace(character))
            {
                left += SpaceWidth + LetterGap;
                continue;
            }

            string glyph = Glyphs.TryGetValue(character, out string? known) ? known : Glyphs['?'];
            float width = 0;
            foreach (string stroke in glyph.Split(' '))
            {
                for (int index = 0; index < stroke.Length; index += 2)
                {
                    int column = stroke[index] - '0';
                    var point = new SKPoint((left + column) * scale, (stroke[index + 1] - '0') * scale);
                    width = Math.Max(width, column);
                    if (index == 0)
                    {
                        path.MoveTo(point);
                    }
                    else
                    {
                        path.LineTo(point);
                    }
                }
            }

            left += width + LetterGap;
        }

        return path;
    }
}
