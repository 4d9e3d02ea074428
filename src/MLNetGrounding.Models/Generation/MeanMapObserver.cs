namespace MLNetGrounding.Models.Generation;

/// <summary>Records the mean of each query's maps over all layers and heads, <c>[queries, gridHeight, gridWidth]</c>.</summary>
internal sealed class MeanMapObserver : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(prompt.Queries.Count, prompt.Grid.Cells);

    private sealed class Recorder(int queries, int cells) : ILayerRecorder
    {
        private readonly double[] _sums = new double[queries * cells];
        private int _maps;

        public void Observe(LayerAttention attention)
        {
            for (int query = 0; query < queries; query++)
            {
                attention.AddMapsTo(query, _sums.AsSpan(query * cells, cells));
            }

            _maps += attention.HeadCount;
        }

        public float[] Complete() => Array.ConvertAll(_sums, sum => (float)(sum / _maps));
    }
}
