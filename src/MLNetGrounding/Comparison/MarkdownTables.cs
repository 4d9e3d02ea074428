using System.Text;

namespace MLNetGrounding.Comparison;

/// <summary>Writes tables as Markdown.</summary>
internal static class MarkdownTables
{
    // "| " and " |": what a column takes besides its cells.
    private const int Between = 3;

    public static string Write(TableDocument document)
    {
        StringBuilder text = new();
        Line($"# {document.Title}");
        Line("");
        foreach ((string name, string value) in document.Origin)
        {
            Line($"- {name}: {Code(value)}");
        }

        if (document.Origin.Count > 0)
        {
            Line("");
        }

        foreach (string line in document.Introduction)
        {
            Line(line);
        }

        foreach (EvaluationTable table in document.Tables)
        {
            Line("");
            Line($"## {table.Title}");
            Add(table);
        }

        Line("");
        Line("## Notes");
        Line("");
        foreach (string note in document.Notes)
        {
            Line($"- {note}");
        }

        return text.ToString();

        void Add(EvaluationTable table)
        {
            string[][] cells =
            [
                [.. table.Headings.Select(Escape)],
                .. table.Rows.Select((row, index) => row.Select((cell, column) => CellOf(cell, table.Best[index][column])).ToArray()),
            ];
            int[] widths = [.. table.Headings.Select((_, column) => cells.Max(row => row[column].Length))];
            foreach (int[] columns in EvaluationTable.Parts(widths, Between))
            {
                Line("");
                Line(RowOf(cells[0]));
                Line(
                    $"|{string.Join('|', columns.Select((column, place) => place == 0 ? new string('-', widths[column] + 2) : new string('-', widths[column] + 1) + ":"))}|"
                );
                foreach (string[] row in cells.Skip(1))
                {
                    Line(RowOf(row));
                }

                string RowOf(string[] row) =>
                    $"| {string.Join(" | ", columns.Select((column, place) => place == 0 ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column])))} |";
            }
        }

        void Line(string line) => text.Append(OneLine(line)).Append('\n');
    }

    private static string CellOf(EvaluationCell cell, bool isBest) => cell.ToString(isBest, Escape, marked => $"**{marked}**");

    private static string Escape(string text) => OneLine(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Text as it is, whatever marks it holds.</summary>
    private static string Code(string text) => text.Length == 0 ? "" : $"`{OneLine(text).Replace('`', '\'')}`";

    /// <summary>Names and descriptions are the user's; a line break in one would end a table.</summary>
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
