namespace MLNetGrounding.Benchmarks;

/// <summary>A table that is printed as Markdown once its rows are known.</summary>
internal sealed class MarkdownTable(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        Console.WriteLine($"### {title}\n");
        Line(columns);
        Line([.. columns.Select((_, column) => column == 0 ? "---" : "---:")]);
        _rows.ForEach(Line);
        Console.WriteLine();
    }

    private static void Line(string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
