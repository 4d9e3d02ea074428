namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Holds the queries' maps of every layer in one array per role and row, <c>[queries, layers, heads, gridHeight, gridWidth]</c>.
/// </summary>
internal sealed class MapCollector
{
    private readonly Dictionary<(QueryRole Role, int Set), float[]> _maps = [];
    private readonly (QueryRole Role, int Index)[] _places;
    private readonly int _layerLength;
    private readonly int _layers;

    public MapCollector(PreparedPrompt prompt, ModelInfo model, CaptureMemory memory)
    {
        _layers = model.Layers;
        _layerLength = model.Heads * prompt.Grid.Cells;
        _places = new (QueryRole, int)[prompt.Suffixes.Count];
        foreach (IGrouping<QueryRole, int> role in Enumerable.Range(0, _places.Length).GroupBy(query => prompt.Suffixes[query].Query.Role))
        {
            int count = 0;
            foreach (int query in role)
            {
                _places[query] = (role.Key, count++);
            }

            for (int set = 0; set < prompt.Rows.Count; set++)
            {
                _maps[(role.Key, set)] = memory.Take(prompt.MapLength(count, _layers));
            }
        }
    }

    /// <summary>The maps of a role, of the first row or of another of <see cref="PreparedPrompt.Rows"/>.</summary>
    public float[] this[QueryRole role, int set = 0] => _maps.GetValueOrDefault((role, set), []);

    /// <summary>
    /// The maps of one query in one layer, <c>[heads, gridHeight, gridWidth]</c>; of any content before the layer was read.
    /// </summary>
    public Span<float> Map(int layer, int query, int set)
    {
        (QueryRole role, int index) = _places[query];
        return _maps[(role, set)].AsSpan((index * _layers + layer) * _layerLength, _layerLength);
    }
}
