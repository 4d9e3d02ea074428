namespace MLNetGrounding.Architecture;

/// <summary>Folders of an assembly, with an arrow from each that uses a type to the one that declares it.</summary>
internal sealed class FolderGraph
{
    private readonly string[] _folders;
    private readonly ILookup<(string From, string To), TypeUse> _arrows;

    public FolderGraph(IEnumerable<string> folders, IEnumerable<TypeUse> uses)
    {
        _folders = [.. folders.Order(StringComparer.Ordinal)];
        _arrows = uses.Where(use => SourceAssembly.FolderOf(use.File) != use.TypeFolder)
            .ToLookup(use => (SourceAssembly.FolderOf(use.File), use.TypeFolder!));
    }

    public IReadOnlyList<string> Folders => _folders;

    public IEnumerable<(string From, string To)> Arrows => _arrows.Select(arrow => arrow.Key);

    /// <summary>Pairs of folders that know each other.</summary>
    public int MutualPairs =>
        Arrows.Count(arrow => string.CompareOrdinal(arrow.From, arrow.To) < 0 && _arrows.Contains((arrow.To, arrow.From)));

    /// <summary>The sets of folders in which each reaches each other: more than one folder each.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles
    {
        get
        {
            Dictionary<string, HashSet<string>> reached = _folders.ToDictionary(folder => folder, Reach);
            return
            [
                .. _folders
                    .Select(folder => _folders.Where(other => reached[folder].Contains(other) && reached[other].Contains(folder)).ToArray())
                    .Where(circle => circle.Length > 1)
                    .DistinctBy(circle => circle[0]),
            ];
        }
    }

    public int FanIn(string folder) => Arrows.Count(arrow => arrow.To == folder);

    public int FanOut(string folder) => Arrows.Count(arrow => arrow.From == folder);

    /// <summary>The arrows inside a circle, each with its types and the files that use them.</summary>
    public IEnumerable<string> Describe(IReadOnlyList<string> circle) =>
        from arrow in _arrows
        where circle.Contains(arrow.Key.From) && circle.Contains(arrow.Key.To)
        orderby arrow.Key.From, arrow.Key.To
        let types = arrow.GroupBy(use => use.Type).OrderBy(type => type.Key, StringComparer.Ordinal)
        select $"{arrow.Key.From} -> {arrow.Key.To}: {string.Join("; ", types.Select(type => $"{type.Key} in {string.Join(", ", type.Select(use => Path.GetFileName(use.File)))}"))}";

    private HashSet<string> Reach(string start)
    {
        HashSet<string> reached = [];
        Stack<string> open = new([start]);
        while (open.TryPop(out string? folder))
        {
            foreach ((string _, string to) in Arrows.Where(arrow => arrow.From == folder))
            {
                if (reached.Add(to))
                {
                    open.Push(to);
                }
            }
        }

        return reached;
    }
}
