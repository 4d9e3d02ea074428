using MLNetGrounding.Models.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Records where visual tokens would say each query's word, <c>[queries, gridHeight, gridWidth]</c>: the mean of the token activation maps
/// of the word's tokens, before they are filtered. Equal observers record the same.
/// </summary>
/// <param name="Row">Which tokens are the word's.</param>
internal sealed record TokenActivationObserver(QueryRow Row) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) =>
        prompt.Layers == prompt.Model.Layers
            ? new Recorder(prompt, prompt.Rows.ToList().IndexOf(Row))
            : throw new ArgumentException(
                $"Token activation maps need all {prompt.Model.Layers} layers of the model, but {nameof(CaptureOptions)}.{nameof(CaptureOptions.Layers)} is {prompt.Layers}.",
                nameof(prompt)
            );

    private sealed class Recorder(PreparedPrompt prompt, int row) : ILayerRecorder, IStateObserver
    {
        private readonly float[] _maps = new float[prompt.Suffixes.Count * prompt.Grid.Cells];

        public void Observe(LayerAttention attention)
        {
            // Attention is not looked at.
        }

        public void ObservePrompt(IDecoder decoder, PackedSequence sequence, Tensor hidden)
        {
            using DisposeScope scope = NewDisposeScope();
            TokenActivationReader reader = new(decoder, sequence, hidden[0]);
            int cells = prompt.Grid.Cells;
            for (int query = 0; query < prompt.Suffixes.Count; query++)
            {
                PreparedSuffix suffix = prompt.Suffixes[query];
                IReadOnlyList<int> word = suffix.RowSets[row];

                // A row may be read of a token behind the question, which is then explained as its last.
                int answer = suffix.TokenIds.Count - suffix.AnswerTokens;
                int[] question = [.. suffix.Question.Union(word).Where(position => position < answer).Order()];
                int[] asked = [.. question, .. Enumerable.Range(answer, suffix.AnswerTokens)];

                // An answer's token is predicted at the token before it.
                Tensor places = reader.Places(query, [.. asked.Select(position => position < answer ? position : position - 1)]);
                float[][] maps = reader.Explain(places, [.. asked.Select(position => suffix.TokenIds[position])], question.Length);
                Span<float> mean = _maps.AsSpan(query * cells, cells);
                foreach (int position in word)
                {
                    float[] map = maps[Array.IndexOf(asked, position)];
                    for (int cell = 0; cell < cells; cell++)
                    {
                        mean[cell] += map[cell] / word.Count;
                    }
                }
            }
        }

        public void ObserveTokens(IDecoder decoder, IReadOnlyList<int> queries, Tensor hidden)
        {
            // Words of a question alone.
        }

        public float[] Complete() => _maps;
    }
}
