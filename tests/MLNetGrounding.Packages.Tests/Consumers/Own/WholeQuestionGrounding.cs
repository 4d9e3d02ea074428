using MLNetGrounding;

namespace Contoso;

/// <summary>What all tokens of the question look at together, in the last layer.</summary>
public sealed record WholeQuestionGrounding : GroundingMethod
{
    private static readonly QuestionObserver Question = new();

    protected override void Plan(CapturePlan plan)
    {
        base.Plan(plan);
        plan.NeedObserver(Question);
    }

    protected override void Validate()
    {
        base.Validate();
        if (Contrast != MapContrast.None)
        {
            throw new ArgumentException($"Method '{Name}' reads the fine queries alone, so that there is nothing to compare with.");
        }
    }

    protected override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map) =>
        attention.Observation(Question).Slice(query * map.Length, map.Length).CopyTo(map);

    private sealed record QuestionObserver : ILayerObserver
    {
        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(prompt);
    }

    private sealed class Recorder(PreparedPrompt prompt) : ILayerRecorder
    {
        private readonly List<float> _maps = [];

        public void Observe(LayerAttention attention)
        {
            if (attention.Layer < attention.LayerCount - 1)
            {
                return;
            }

            for (int query = 0; query < prompt.Queries.Count; query++)
            {
                if (prompt.Queries[query].Role == QueryRole.Fine)
                {
                    _maps.AddRange(MapOf(attention, query));
                }
            }
        }

        public float[] Complete() => [.. _maps];

        private static float[] MapOf(LayerAttention attention, int query)
        {
            // The question follows the image. Rows see all tokens of the sequence, the visual ones among them.
            int keys = attention.SequenceLength(query);
            float[] rows = attention.ReadProbabilities(query, firstRow: attention.ImageStart + attention.VisualTokens);
            float[] tokens = new float[attention.VisualTokens];
            for (int row = 0; row < rows.Length / keys; row++)
            {
                for (int token = 0; token < tokens.Length; token++)
                {
                    tokens[token] += rows[(row * keys) + attention.ImageStart + token];
                }
            }

            // Not every token shows one cell: newlines show none, those of a small view beside tiles several.
            float[] map = new float[attention.Layout.Grid.Cells];
            attention.Layout.Apply(tokens, map);
            return map;
        }
    }
}
