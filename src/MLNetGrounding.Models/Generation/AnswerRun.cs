using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

/// <summary>
/// Answers to all questions about one image, generated token by token from the state that the questions left. For use by one thread at a
/// time.
/// </summary>
internal sealed class AnswerRun : IDisposable
{
    private readonly IModelNetwork _network;
    private readonly ModelInfo _model;
    private readonly AnswerState _state;
    private readonly PreparedPrompt _prompt;
    private readonly AnswerOptions _options;
    private readonly TokenChooser _chooser;
    private readonly HashSet<int> _endTokens;
    private readonly ScalarType _type;
    private readonly Device _device;
    private readonly OpenAnswer[] _answers;
    private readonly CaptureMemory _memory = new();
    private readonly bool _readsOwnRows;

    // The answers that go on, in the order of the cache, and what the last pass gave for each.
    private List<OpenAnswer> _open;
    private IReadOnlyList<float[]> _logits;
    private IReadOnlyList<float[]> _observations;
    private bool _passes;

    /// <param name="network">The networks.</param>
    /// <param name="model">The model.</param>
    /// <param name="state">The image and its questions; disposed with the run.</param>
    /// <param name="options">How to answer.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="endTokens">The tokens that end an answer.</param>
    /// <param name="tokenizer">Turns tokens into text.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="device">Where they are.</param>
    public AnswerRun(
        IModelNetwork network,
        ModelInfo model,
        AnswerState state,
        AnswerOptions options,
        AnswerSampling sampling,
        IEnumerable<int> endTokens,
        TextTokenizer? tokenizer,
        ScalarType type,
        Device device
    )
    {
        _network = network;
        _model = model;
        _state = state;
        _prompt = state.Capture.Prompt;
        _options = options;
        _chooser = new TokenChooser(sampling, options.Processors);
        _endTokens = [.. endTokens, .. options.StopTokenIds];
        _type = type;
        _device = device;
        _readsOwnRows = options.Row == AnswerRow.Token && options.AllObservers.Count > 0;
        _answers =
        [
            .. _prompt.Suffixes.Select(
                (suffix, query) => new OpenAnswer(query, suffix.Query, [.. state.PrefixTokenIds, .. suffix.TokenIds], tokenizer, options)
            ),
        ];
        _open = [.. _answers];
        _logits = state.Logits;
        _observations = state.Capture.Observations;
    }

    /// <summary>Makes token activation maps; <see langword="null"/>: there are none.</summary>
    public TokenActivationStates? Activation { get; init; }

    /// <summary>Whether all answers have ended.</summary>
    public bool IsComplete => _open.Count == 0;

    /// <summary>All answers, once they have ended.</summary>
    public IReadOnlyList<Answer> Answers =>
        [
            .. _answers.Select(answer => new Answer
            {
                Query = answer.Query,
                Text = answer.Text,
                Tokens = Explained(answer),
                End = answer.End!.Value,
            }),
        ];

    /// <summary>Generates the next token of every answer that goes on.</summary>
    /// <exception cref="OperationCanceledException">The run was ended early; it cannot go on.</exception>
    public IReadOnlyList<AnswerUpdate> Next(CancellationToken cancellationToken)
    {
        List<AnswerUpdate> updates = [];
        if (_passes)
        {
            Pass(cancellationToken);
            if (_readsOwnRows)
            {
                for (int row = 0; row < _open.Count; row++)
                {
                    AnswerToken seen = Observed(_open[row].Tokens[^1], row);
                    _open[row].Tokens[^1] = seen;
                    updates.Add(Update(_open[row], seen));
                }

                KeepOpen(updates);
            }
        }

        for (int row = 0; row < _open.Count; row++)
        {
            Choose(_open[row], row, updates);
        }

        // An answer that ended with a token whose own row is wanted goes on for one pass.
        KeepOpen(updates, goesOn: answer => _readsOwnRows && answer.End is AnswerEnd.MaximumTokens or AnswerEnd.Context);
        _passes = true;
        return updates;
    }

    public void Dispose()
    {
        _state.Dispose();
        Activation?.Dispose();
    }

    /// <summary>An answer's tokens with their token activation maps, where these are asked for.</summary>
    private List<AnswerToken> Explained(OpenAnswer answer)
    {
        if (Activation is null)
        {
            return answer.Tokens;
        }

        float[][] maps = Activation.Maps(answer.Index, _prompt.Suffixes[answer.Index], [.. answer.Tokens.Select(token => token.Id)]);
        return [.. answer.Tokens.Select((token, index) => token with { ActivationMap = maps[index] })];
    }

    private static AnswerUpdate Update(OpenAnswer answer, AnswerToken token) =>
        new()
        {
            Query = answer.Index,
            Token = token,
            Text = token.Text,
        };

    private void Choose(OpenAnswer answer, int row, List<AnswerUpdate> updates)
    {
        (int id, double logProbability) = answer.Choose(_chooser, _logits[row]);
        if (id < 0 || _endTokens.Contains(id))
        {
            answer.End = id < 0 ? AnswerEnd.NoToken : AnswerEnd.EndToken;
            return;
        }

        AnswerToken token = answer.Add(id, logProbability);
        answer.End =
            answer.Tokens.Count >= _options.MaximumTokens ? AnswerEnd.MaximumTokens
            : answer.Length >= _model.LongestPrompt ? AnswerEnd.Context
            : null;
        if (!_readsOwnRows)
        {
            token = Observed(token, row);
            answer.Tokens[^1] = token;
            updates.Add(Update(answer, token));
        }
    }

    /// <summary>A token with what the last pass shows of it.</summary>
    private AnswerToken Observed(AnswerToken token, int row)
    {
        if (_observations.Count == 0)
        {
            return token;
        }

        float[][] parts = [.. _observations.Select((values, observer) => Part(values, row, observer))];
        return _options.Maps ? token with { Map = parts[0], Observations = parts[1..] } : token with { Observations = parts };
    }

    private float[] Part(float[] values, int row, int observer)
    {
        int answers = _logits.Count;
        return values.Length % answers == 0
            ? values.AsSpan(values.Length / answers * row, values.Length / answers).ToArray()
            : throw new InvalidOperationException(
                $"Observer {_options.AllObservers[observer].GetType().Name} gave {values.Length} numbers for {answers} queries; equally many for each were expected, one query after the other."
            );
    }

    /// <summary>Lets answers go that have ended.</summary>
    private void KeepOpen(List<AnswerUpdate> updates, Func<OpenAnswer, bool>? goesOn = null)
    {
        int[] rows = [.. Enumerable.Range(0, _open.Count).Where(row => _open[row].End is null || goesOn?.Invoke(_open[row]) == true)];
        foreach (OpenAnswer ended in _open.Where((_, row) => !rows.Contains(row)))
        {
            updates.Add(
                new AnswerUpdate
                {
                    Query = ended.Index,
                    Text = ended.Complete(),
                    End = ended.End,
                }
            );
        }

        if (rows.Length < _open.Count)
        {
            _logits = [.. rows.Select(row => _logits[row])];
            _open = [.. rows.Select(row => _open[row])];
            if (rows.Length > 0)
            {
                _state.Cache.Select(rows);
            }
        }
    }

    /// <summary>Sends the newest tokens through the model.</summary>
    private void Pass(CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        IDecoder decoder = _network.Decoder;
        _memory.Begin();
        _state.Cache.AddColumn();
        int[] positions = [.. _open.Select(answer => _state.NextPositions[answer.Index] + answer.Tokens.Count - 1)];
        Tensor ids = tensor([.. _open.Select(answer => (long)answer.Tokens[^1].Id)], [1, _open.Count], device: _device);
        IRotation rotation = decoder.Rotation([.. Enumerable.Repeat(positions, decoder.PositionAxes)], _type, _device);
        AnswerPass pass = new(decoder, _model, _state, _prompt.Of([.. _open.Select(answer => answer.Index)]), _memory, _device);
        Tensor hidden = DecoderPass.Run(
            decoder,
            decoder.Embed(ids).to(_type),
            rotation,
            _model.Layers,
            completes: true,
            pass,
            cancellationToken
        );
        int[] queries = [.. _open.Select(answer => answer.Index)];
        foreach (IStateObserver observer in pass.States)
        {
            observer.ObserveTokens(decoder, queries, hidden);
        }

        Activation?.ObserveTokens(decoder, queries, hidden);
        Tensor logits = decoder.Logits(hidden)[0];
        _logits = [.. Enumerable.Range(0, _open.Count).Select(row => logits[row].ToFloats())];
        _observations = pass.Observations();
    }
}
