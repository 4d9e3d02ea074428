namespace MLNetGrounding.Architecture;

/// <summary>Something that a room may not do: which assembly, which file of it (empty: the assembly as a whole), and what.</summary>
internal sealed record Violation(string Assembly, string File, string What)
{
    public string Place => File.Length == 0 ? Assembly : $"{Assembly}/{File}";
}
