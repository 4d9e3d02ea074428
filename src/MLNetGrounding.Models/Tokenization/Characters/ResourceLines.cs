namespace MLNetGrounding.Models.Tokenization.Characters;

/// <summary>Reads the tables of characters that are part of this assembly.</summary>
internal static class ResourceLines
{
    /// <summary>The lines of a table cut at spaces, without its remarks.</summary>
    public static IEnumerable<string[]> Read(string name)
    {
        using Stream stream =
            typeof(ResourceLines).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly has no resource '{name}'.");
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(' ');
            }
        }
    }
}
