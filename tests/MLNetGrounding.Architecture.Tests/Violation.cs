namespace MLNetGrounding.Architecture;

/// <summary>Something that a room may not do: which assembly, which file of it (empty: the assembly as a whole), and what.</summary>
internal sealed record Violation(string Assembly, string File, string What)
{
    public string Place => File.Length == 0 ? Assembly : $"{Assembly}/{File}";

    /// <summary>Fails, naming each place, where there are any.</summary>
    public static void RequireNone(IReadOnlyCollection<Violation> found)
    {
        string[] places = [.. found.Select(violation => $"{violation.Place}: {violation.What}").Distinct()];
        Assert.IsEmpty(places, $"Found {places.Length}:\n{string.Join('\n', places)}");
    }
}
