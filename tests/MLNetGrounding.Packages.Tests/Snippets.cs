using System.Text;

namespace MLNetGrounding.Packages;

/// <summary>The C# of a Markdown page, block by block, as source files that compile side by side.</summary>
internal static class Snippets
{
    private const string Start = "```csharp";
    private const string End = "```";

    /// <summary>The blocks of a page.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        List<string> blocks = [];
        StringBuilder? block = null;
        foreach (string line in File.ReadLines(path))
        {
            if (block is null)
            {
                block = line == Start ? new StringBuilder() : null;
            }
            else if (line == End)
            {
                blocks.Add(block.ToString());
                block = null;
            }
            else
            {
                block.AppendLine(line);
            }
        }

        return blocks;
    }

    /// <summary>A block of statements as a method of a class, behind its own usings.</summary>
    public static string InClass(string block, string name)
    {
        string[] lines = block.Split('\n');
        IEnumerable<string> usings = lines.Where(IsUsing);
        IEnumerable<string> statements = lines.Where(line => !IsUsing(line));
        return $$"""
            {{string.Join('\n', usings)}}

            internal static class {{name}}
            {
                public static async Task Run()
                {
                    await Task.Yield();
            {{string.Join('\n', statements)}}
                }
            }
            """;
    }

    // Not the statement 'using X x = ...'.
    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);
}
