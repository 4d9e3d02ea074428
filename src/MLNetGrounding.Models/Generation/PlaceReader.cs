namespace MLNetGrounding.Models.Generation;

/// <summary>Finds boxes and points in answers, however they are written.</summary>
internal static class PlaceReader
{
    private static readonly string[] Lefts = ["x1", "xmin", "x_min", "x0", "left"];
    private static readonly string[] Tops = ["y1", "ymin", "y_min", "y0", "top"];
    private static readonly string[] Rights = ["x2", "xmax", "x_max", "right"];
    private static readonly string[] Bottoms = ["y2", "ymax", "y_max", "bottom"];
    private static readonly string[] Xs = ["x", "left"];
    private static readonly string[] Ys = ["y", "top"];
    private static readonly string[] Widths = ["width", "w"];
    private static readonly string[] Heights = ["height", "h"];

    /// <summary>All places in the order in which they stand in the text.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="isComplete">Whether a number at its very end is read.</param>
    public static IEnumerable<NamedPlace> Read(string text, bool isComplete)
    {
        List<PlaceToken> tokens = PlaceTokenizer.Cut(text, isComplete);
        for (int at = 0; at < tokens.Count; )
        {
            (NamedPlace? place, int next) = tokens[at].Kind switch
            {
                PlaceTokenKind.Open => InBrackets(tokens, at),
                PlaceTokenKind.Word => Named(tokens, at),
                PlaceTokenKind.Number => InARow(tokens, at),
                _ => (null, at + 1),
            };
            if (place is { } found)
            {
                yield return found;
            }

            at = next;
        }
    }

    /// <summary>Four numbers in brackets, or pairs of numbers in brackets of their own.</summary>
    private static (NamedPlace? Place, int Next) InBrackets(List<PlaceToken> tokens, int open)
    {
        if (Group(tokens, open) is not { } first)
        {
            return (null, open + 1);
        }

        if (first.Numbers is [var left, var top, var right, var bottom])
        {
            return (NamedPlace.Around((left, top), (right, bottom)), first.Next);
        }

        if (first.Numbers is not [var x, var y])
        {
            return (null, first.Next);
        }

        List<(double X, double Y)> corners = [(x, y)];
        int next = first.Next;
        while (Group(tokens, AfterJoint(tokens, next)) is { Numbers: [var nextX, var nextY] } following)
        {
            corners.Add((nextX, nextY));
            next = following.Next;
        }

        // Two corners or four are a box; any other number of them is points, of which the first counts.
        return (corners.Count is 2 or 4 ? NamedPlace.Around(corners) : NamedPlace.Point(x, y), next);
    }

    /// <summary>The numbers between two brackets that hold nothing else; a bracket that the end of the text closes counts.</summary>
    private static (List<double> Numbers, int Next)? Group(List<PlaceToken> tokens, int open)
    {
        if (open >= tokens.Count || tokens[open].Kind != PlaceTokenKind.Open)
        {
            return null;
        }

        List<double> numbers = [];
        int at = open + 1;
        for (; at < tokens.Count && tokens[at].Kind != PlaceTokenKind.Close; at++)
        {
            if (tokens[at].Kind == PlaceTokenKind.Number)
            {
                numbers.Add(tokens[at].Number);
            }
            else if (tokens[at].Kind != PlaceTokenKind.Separator && tokens[at] is not { Kind: PlaceTokenKind.Word, Text: "px" })
            {
                return null;
            }
        }

        return (numbers, Math.Min(at + 1, tokens.Count));
    }

    /// <summary>Passes over what may stand between two corners.</summary>
    private static int AfterJoint(List<PlaceToken> tokens, int at)
    {
        while (at < tokens.Count && tokens[at] is { Kind: PlaceTokenKind.Separator } or { Kind: PlaceTokenKind.Word, Text: "to" or "and" })
        {
            at++;
        }

        return at;
    }

    /// <summary>Numbers with names, one after the other.</summary>
    private static (NamedPlace? Place, int Next) Named(List<PlaceToken> tokens, int word)
    {
        Dictionary<string, double> values = [];
        int at = word;
        while (
            at + 2 < tokens.Count
            && tokens[at].Kind == PlaceTokenKind.Word
            && tokens[at + 1].Kind == PlaceTokenKind.Colon
            && tokens[at + 2].Kind == PlaceTokenKind.Number
        )
        {
            values.TryAdd(tokens[at].Text, tokens[at + 2].Number);
            at += 3;
            while (at < tokens.Count && tokens[at].Kind == PlaceTokenKind.Separator)
            {
                at++;
            }
        }

        if (values.Count == 0)
        {
            return (null, word + 1);
        }

        if (Value(Lefts) is { } left && Value(Tops) is { } top && Value(Rights) is { } right && Value(Bottoms) is { } bottom)
        {
            return (NamedPlace.Around((left, top), (right, bottom)), at);
        }

        if (Value(Xs) is not { } x || Value(Ys) is not { } y)
        {
            return (null, at);
        }

        return Value(Widths) is { } width && Value(Heights) is { } height
            ? (NamedPlace.Around((x, y), (x + width, y + height)), at)
            : (NamedPlace.Point(x, y), at);

        double? Value(string[] names)
        {
            foreach (string name in names)
            {
                if (values.TryGetValue(name, out double value))
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Exactly four numbers in a row, with commas between them and no brackets.</summary>
    private static (NamedPlace? Place, int Next) InARow(List<PlaceToken> tokens, int number)
    {
        List<double> numbers = [tokens[number].Number];
        int at = number + 1;
        while (at + 1 < tokens.Count && tokens[at].Kind == PlaceTokenKind.Separator && tokens[at + 1].Kind == PlaceTokenKind.Number)
        {
            numbers.Add(tokens[at + 1].Number);
            at += 2;
        }

        // Behind numbers in a row that were cut off stands what is no number; there may be more of them.
        bool goesOn = at + 1 < tokens.Count && tokens[at].Kind == PlaceTokenKind.Separator && tokens[at + 1].Kind == PlaceTokenKind.Other;
        return (
            numbers is [var left, var top, var right, var bottom] && !goesOn ? NamedPlace.Around((left, top), (right, bottom)) : null,
            at
        );
    }
}
