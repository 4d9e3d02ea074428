namespace MLNetGrounding.Llava;

/// <summary>Gathers the queries' maps of every layer into one array per role, <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</summary>
internal sealed class MapCollector
{
    private readonly PreparedPrompt _prompt;
    private readonly Dictionary<QueryRole, float[]> _maps;
    private readonly int _layerLength;
    private readonly int _layers;

    public MapCollector(PreparedPrompt prompt, LlavaConfiguration configuration)
    {
        _prompt = prompt;
        _layers = configuration.TextLayers;
        _layerLength = configuration.TextHeads * prompt.VisualTokens;
        _maps = prompt.Queries.GroupBy(query => query.Role).ToDictionary(role => role.Key, role => new float[role.Count() * _layers * _layerLength]);
    }

    public float[] this[QueryRole role] => _maps.GetValueOrDefault(role, []);

    public void Add(LayerAttention attention)
    {
        Dictionary<QueryRole, int> next = [];
        for (int query = 0; query < _prompt.Suffixes.Count; query++)
        {
            QueryRole role = _prompt.Suffixes[query].Query.Role;
            int index = next.GetValueOrDefault(role);
            next[role] = index + 1;
            attention.Maps(query).CopyTo(_maps[role].AsSpan((index * _layers + attention.Layer) * _layerLength));
        }
    }
}
