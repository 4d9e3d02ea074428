using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Models.Generation;

/// <summary>An answer that is being generated.</summary>
/// <param name="index">The query's index.</param>
/// <param name="query">The query.</param>
/// <param name="promptTokenIds">The prompt's tokens.</param>
/// <param name="tokenizer">Turns tokens into text; <see langword="null"/> for ids alone.</param>
/// <param name="options">Seed and special tokens.</param>
internal sealed class OpenAnswer(
    int index,
    AttentionQuery query,
    IReadOnlyList<int> promptTokenIds,
    TextTokenizer? tokenizer,
    AnswerOptions options
)
{
    private readonly StreamingDecoder? _decoder = tokenizer?.DecodeStream(options.SkipSpecialTokens);
    private readonly List<int> _tokenIds = [];
    private SplitMix64 _random = SplitMix64.For(options.Seed, query.Name);

    /// <summary>The query's index.</summary>
    public int Index => index;

    /// <summary>The query.</summary>
    public AttentionQuery Query => query;

    /// <summary>Number of tokens of prompt and answer.</summary>
    public int Length => promptTokenIds.Count + Tokens.Count;

    /// <summary>The tokens so far, each with its text and log-probability, and what was observed of it.</summary>
    public List<AnswerToken> Tokens { get; } = [];

    /// <summary>The text of the tokens so far.</summary>
    public string Text => tokenizer?.Decode(_tokenIds, options.SkipSpecialTokens) ?? "";

    /// <summary>Why it ended, once it has.</summary>
    public AnswerEnd? End { get; set; }

    /// <summary>Chooses its next token.</summary>
    /// <returns>As <see cref="TokenChooser.Choose"/> has it.</returns>
    public (int Token, double LogProbability) Choose(TokenChooser chooser, float[] logits) =>
        chooser.Choose(logits, new AnswerContext(query, promptTokenIds, _tokenIds), ref _random);

    /// <summary>Adds a token.</summary>
    public AnswerToken Add(int id, double logProbability)
    {
        AnswerToken token = new()
        {
            Id = id,
            LogProbability = logProbability,
            Text = _decoder?.Append(id) ?? "",
        };
        _tokenIds.Add(id);
        Tokens.Add(token);
        return token;
    }

    /// <summary>Ends the stream of text.</summary>
    /// <returns>What was held back.</returns>
    public string Complete() => _decoder?.Complete() ?? "";
}
