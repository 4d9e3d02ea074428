namespace MLNetGrounding.Comparison;

/// <summary>A table of an evaluation, whatever it is written as.</summary>
internal sealed class EvaluationTable
{
    /// <summary>The longest line of a table, in characters; wider ones go on below with other columns.</summary>
    public const int Width = 120;

    private EvaluationTable(string title, IReadOnlyList<string> headings, IReadOnlyList<EvaluationCell[]> rows, bool[][] best) =>
        (Title, Headings, Rows, Best) = (title, headings, rows, best);

    /// <summary>What the table says.</summary>
    public string Title { get; }

    /// <summary>The columns; the first names the rows.</summary>
    public IReadOnlyList<string> Headings { get; }

    public IReadOnlyList<EvaluationCell[]> Rows { get; }

    /// <summary>Whether each cell holds the largest value of its column.</summary>
    public bool[][] Best { get; }

    /// <summary>Makes a table; columns that say nothing in any row are left out.</summary>
    public static EvaluationTable Of(string title, IReadOnlyList<string> headings, IReadOnlyList<EvaluationCell[]> rows)
    {
        int[] columns = [.. Enumerable.Range(0, headings.Count).Where(column => column == 0 || rows.Any(row => !row[column].IsEmpty))];
        EvaluationCell[][] kept = [.. rows.Select(row => Array.ConvertAll(columns, column => row[column]))];
        bool[][] best = [.. kept.Select(row => new bool[row.Length])];
        for (int column = 1; column < columns.Length; column++)
        {
            // What reads the same is equally good; a single row is compared with nothing.
            double[] values = [.. kept.Select(row => row[column].Value).Where(value => !double.IsNaN(value))];
            if (values.Length > 1)
            {
                string text = kept.First(row => row[column].Value == values.Max())[column].Text;
                for (int row = 0; row < kept.Length; row++)
                {
                    best[row][column] = !double.IsNaN(kept[row][column].Value) && kept[row][column].Text == text;
                }
            }
        }

        return new EvaluationTable(title, [.. columns.Select(column => headings[column])], kept, best);
    }

    /// <summary>The columns of each part of the table, the first column in all of them, so that no line is longer than allowed.</summary>
    /// <param name="widths">The width of each column as it is written.</param>
    /// <param name="between">What stands between two columns.</param>
    public static IEnumerable<int[]> Parts(IReadOnlyList<int> widths, int between)
    {
        List<int> part = [0];
        int width = widths[0] + (2 * between);
        for (int column = 1; column < widths.Count; column++)
        {
            if (part.Count > 1 && width + widths[column] + between > Width)
            {
                yield return [.. part];
                part = [0];
                width = widths[0] + (2 * between);
            }

            part.Add(column);
            width += widths[column] + between;
        }

        yield return [.. part];
    }
}
