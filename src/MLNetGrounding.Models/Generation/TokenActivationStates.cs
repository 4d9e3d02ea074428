using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

/// <summary>
/// Keeps the hidden states of an image, its questions and answers, and makes token activation maps of the answers once they have ended.
/// </summary>
/// <param name="options">How maps are made.</param>
internal sealed class TokenActivationStates(TokenActivationOptions options) : IStateObserver, IDisposable
{
    private readonly Dictionary<int, List<Tensor>> _tokens = [];
    private IDecoder? _decoder;
    private PackedSequence? _sequence;
    private Tensor? _prompt;

    public void ObservePrompt(IDecoder decoder, PackedSequence sequence, Tensor hidden) =>
        (_decoder, _sequence, _prompt) = (decoder, sequence, Kept(hidden[0]));

    public void ObserveTokens(IDecoder decoder, IReadOnlyList<int> queries, Tensor hidden)
    {
        for (int row = 0; row < queries.Count; row++)
        {
            if (!_tokens.TryGetValue(queries[row], out List<Tensor>? states))
            {
                _tokens.Add(queries[row], states = []);
            }

            states.Add(Kept(hidden[0].narrow(0, row, 1)));
        }
    }

    /// <summary>The maps of an answer's tokens, <c>[gridHeight, gridWidth]</c> each.</summary>
    /// <param name="query">The query.</param>
    /// <param name="suffix">Its own tokens.</param>
    /// <param name="answer">The answer's.</param>
    public float[][] Maps(int query, PreparedSuffix suffix, IReadOnlyList<int> answer)
    {
        if (answer.Count == 0)
        {
            return [];
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        TokenActivationReader reader = new(_decoder!, _sequence!, _prompt!);

        // An answer's token is predicted at the token before it: the first at the last of the prompt.
        int last = suffix.TokenIds.Count - 1;
        IEnumerable<Tensor> before = _tokens.GetValueOrDefault(query, []).Take(answer.Count - 1);
        Tensor places = cat([reader.Places(query, [.. suffix.Question, last]), .. before], 0);
        int question = suffix.Question.Count;
        float[][] maps = reader.Explain(
            places,
            [.. suffix.Question.Select(position => suffix.TokenIds[position]), .. answer],
            question,
            options.FirstTokenAsReleased ? suffix.TokenIds[last] : null
        );
        MapGrid grid = _sequence!.Layout.Grid;
        foreach (float[] map in maps[question..])
        {
            options.Filter?.Apply(map, grid.Height, grid.Width);
        }

        return maps[question..];
    }

    public void Dispose()
    {
        _prompt?.Dispose();
        foreach (Tensor state in _tokens.Values.SelectMany(states => states))
        {
            state.Dispose();
        }
    }

    /// <summary>A copy that outlives the pass.</summary>
    private static Tensor Kept(Tensor states) => states.detach().clone().DetachFromDisposeScope();
}
