namespace MLNetGrounding.Llava;

/// <summary>Gathers the queries' maps of every layer into one array per role and row, <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</summary>
internal sealed class MapCollector
{
    private readonly PreparedPrompt _prompt;
    private readonly Dictionary<(QueryRole Role, int Set), float[]> _maps = [];
    private readonly int _layerLength;
    private readonly int _layers;

    public MapCollector(PreparedPrompt prompt, LlavaConfiguration configuration)
    {
        _prompt = prompt;
        _layers = configuration.TextLayers;
        _layerLength = configuration.TextHeads * prompt.VisualTokens;
        foreach (IGrouping<QueryRole, AttentionQuery> role in prompt.Queries.GroupBy(query => query.Role))
        {
            for (int set = 0; set < prompt.Rows.Count; set++)
            {
                _maps[(role.Key, set)] = new float[role.Count() * _layers * _layerLength];
            }
        }
    }

    /// <summary>The maps of a role, of the first row or of another of <see cref="PreparedPrompt.Rows"/>.</summary>
    public float[] this[QueryRole role, int set = 0] => _maps.GetValueOrDefault((role, set), []);

    public void Add(LayerAttention attention)
    {
        Dictionary<QueryRole, int> next = [];
        for (int query = 0; query < _prompt.Suffixes.Count; query++)
        {
            QueryRole role = _prompt.Suffixes[query].Query.Role;
            int index = next.GetValueOrDefault(role);
            next[role] = index + 1;
            for (int set = 0; set < _prompt.Rows.Count; set++)
            {
                attention.Maps(query, set).CopyTo(_maps[(role, set)].AsSpan((index * _layers + attention.Layer) * _layerLength));
            }
        }
    }
}
