using System.Text;

namespace MLNetGrounding.Comparison;

/// <summary>Writes tables as LaTeX, for the package booktabs.</summary>
internal static class LatexTables
{
    // " & " between cells; the end of a row has as many.
    private const int Between = 3;

    public static string Write(TableDocument document)
    {
        StringBuilder text = new();
        Line($"% {OneLine(document.Title)}");
        Line("% Needs \\usepackage{booktabs}.");
        foreach ((string name, string value) in document.Origin)
        {
            Line($"% {name}: {OneLine(value)}");
        }

        foreach (string line in document.Introduction)
        {
            Line($"% {OneLine(line)}");
        }

        foreach (EvaluationTable table in document.Tables)
        {
            Add(table);
        }

        Line("");
        foreach (string note in document.Notes)
        {
            Line($"% {OneLine(note)}");
        }

        return text.ToString();

        void Add(EvaluationTable table)
        {
            string[][] cells =
            [
                [.. table.Headings.Select(Escape)],
                .. table.Rows.Select(
                    (row, index) =>
                        row.Select((cell, column) => cell.ToString(table.Best[index][column], Escape, marked => $"\\textbf{{{marked}}}"))
                            .ToArray()
                ),
            ];
            int[] widths = [.. table.Headings.Select((_, column) => cells.Max(row => row[column].Length))];
            int[][] parts = [.. EvaluationTable.Parts(widths, Between)];
            for (int part = 0; part < parts.Length; part++)
            {
                int[] columns = parts[part];
                Line("");
                Line("\\begin{table}");
                Line("  \\centering");
                Line($"  \\caption{{{Escape(table.Title)}{(parts.Length > 1 ? $" ({part + 1} of {parts.Length})" : "")}}}");
                Line($"  \\begin{{tabular}}{{l{new string('r', columns.Length - 1)}}}");
                Line("    \\toprule");
                Line($"    {RowOf(cells[0])}");
                Line("    \\midrule");
                foreach (string[] row in cells.Skip(1))
                {
                    Line($"    {RowOf(row)}");
                }

                Line("    \\bottomrule");
                Line("  \\end{tabular}");
                Line("\\end{table}");

                string RowOf(string[] row) => string.Join(" & ", columns.Select(column => row[column])) + " \\\\";
            }
        }

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>Text in which nothing is a command.</summary>
    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in OneLine(text))
        {
            escaped.Append(
                character switch
                {
                    '\\' => "\\textbackslash{}",
                    '~' => "\\textasciitilde{}",
                    '^' => "\\textasciicircum{}",
                    '<' => "\\textless{}",
                    '>' => "\\textgreater{}",
                    '|' => "\\textbar{}",
                    '"' => "''",
                    // A row that begins with a bracket would be taken for the distance to the row before.
                    '[' => "{[}",
                    ']' => "{]}",
                    '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{character}",
                    _ => $"{character}",
                }
            );
        }

        return escaped.ToString();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
