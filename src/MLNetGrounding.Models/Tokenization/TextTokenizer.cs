using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.BytePairs;
using MLNetGrounding.Models.Tokenization.Decoders;
using MLNetGrounding.Models.Tokenization.PostProcessors;

namespace MLNetGrounding;

/// <summary>Turns text into a model's tokens and back, as the tokenizer files of its checkpoint folder say.</summary>
/// <remarks>
/// <para>
/// Read from <c>tokenizer.json</c>, where there is one, with the ids and offsets of Hugging Face's tokenizers; its settings for truncation
/// and padding are left out, as transformers leaves them out. Otherwise read from SentencePiece's <c>tokenizer.model</c>, with the tokens
/// of <c>added_tokens.json</c>.
/// </para>
/// <para>Immutable; may be used by several threads at a time. The cost of a text of n characters is in proportion to n log n.</para>
/// </remarks>
public sealed class TextTokenizer
{
    private readonly AddedTokenCutter _rawTokens;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly Vocabulary _vocabulary;
    private readonly ITextEncoder _encoder;
    private readonly IReadOnlyList<IPostProcessor> _postProcessors;
    private readonly DecoderChain _decoders;

    internal TextTokenizer(
        string filePath,
        Vocabulary vocabulary,
        IReadOnlyList<AddedToken> addedTokens,
        ITextEncoder encoder,
        IReadOnlyList<IPostProcessor> postProcessors,
        DecoderChain decoders
    )
    {
        FilePath = filePath;
        AddedTokens = addedTokens;
        _vocabulary = vocabulary;
        _encoder = encoder;
        _postProcessors = postProcessors;
        _decoders = decoders;
        _rawTokens = new AddedTokenCutter(addedTokens.Where(token => !token.IsNormalized).Select(token => (token.Text, token)));
        _addedById = [];
        foreach (AddedToken token in addedTokens)
        {
            _addedById[token.Id] = token;
        }

        VocabularySize = 1 + Math.Max(vocabulary.LargestId, _addedById.Keys.DefaultIfEmpty(-1).Max());
    }

    /// <summary>The file that it was read from.</summary>
    public string FilePath { get; }

    /// <summary>The texts that are cut out as one token before anything else, special or not.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>One more than the largest id.</summary>
    public int VocabularySize { get; }

    /// <summary>
    /// One more than the largest id of the vocabulary; added tokens, which a model need not have an embedding for, may lie beyond.
    /// </summary>
    internal int PlainVocabularySize => _vocabulary.LargestId + 1;

    /// <summary>Opens the tokenizer of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <exception cref="CheckpointException">
    /// The folder has none, or its file is damaged or names a part that is not known here; the message says the file and the part.
    /// </exception>
    public static TextTokenizer Open(string directory) =>
        TryOpen(directory)
        ?? throw new CheckpointException(
            directory,
            $"holds neither {TokenizerFileNames.Pipeline} nor {TokenizerFileNames.SentencePiece}; text cannot be encoded without."
        );

    /// <summary>Opens the tokenizer of a checkpoint folder, or gives <see langword="null"/> where it has none.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <exception cref="CheckpointException">As for <see cref="Open"/>.</exception>
    public static TextTokenizer? TryOpen(string directory)
    {
        string pipeline = Path.Combine(directory, TokenizerFileNames.Pipeline);
        string sentencePiece = Path.Combine(directory, TokenizerFileNames.SentencePiece);
        return CheckpointFile.Exists(pipeline) ? PipelineFile.Read(pipeline)
            : CheckpointFile.Exists(sentencePiece) ? SentencePieceFile.Read(sentencePiece)
            : null;
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text. Half a surrogate pair counts as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the tokens that the file puts around every text are added, such as the one that begins
    /// it.</param>
    /// <param name="cutAddedTokens">
    /// Whether <see cref="AddedTokens"/> are cut out; otherwise they are encoded like any text, so that text from anywhere can do no harm.
    /// </param>
    /// <exception cref="CheckpointException">A regular expression of the file takes too long on this text.</exception>
    public TokenizedText Encode(string text, bool addSpecialTokens = true, bool cutAddedTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<AlignedToken> tokens = [];
        ReadOnlyMemory<AlignedCharacter> characters = AlignedText.Of(text);
        if (cutAddedTokens)
        {
            foreach ((ReadOnlyMemory<AlignedCharacter> part, AddedToken? token) in _rawTokens.Cut(characters))
            {
                if (token is null)
                {
                    _encoder.Encode(part, cutAddedTokens, tokens);
                }
                else
                {
                    tokens.Add(new AlignedToken(token.Id, AlignedText.ToText(part.Span), part.Span[0].Start, part.Span[^1].End));
                }
            }
        }
        else if (!characters.IsEmpty)
        {
            _encoder.Encode(characters, cutAddedTokens, tokens);
        }

        foreach (IPostProcessor step in _postProcessors)
        {
            tokens = step.Process(tokens, addSpecialTokens);
        }

        int[] positions = AlignedText.Utf16Positions(text);
        return new TokenizedText(
            text,
            tokens.ConvertAll(token => new TextToken(token.Id, token.Text, positions[token.Start], positions[token.End]))
        );
    }

    /// <summary>Decodes tokens.</summary>
    /// <param name="ids">Their ids; those outside the vocabulary are left out.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <returns>The text; bytes that are no UTF-8 give U+FFFD.</returns>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _decoders.Decode(ids.Select(id => TextOf(id, skipSpecialTokens)).OfType<string>(), continues: false);
    }

    /// <summary>Begins to decode tokens as they come.</summary>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    internal StreamingDecoder DecodeStream(bool skipSpecialTokens = true) => new(_decoders, id => TextOf(id, skipSpecialTokens));

    /// <summary>The text of a token in the vocabulary, or <see langword="null"/> where there is no such id.</summary>
    /// <param name="id">The token's id.</param>
    public string? TextOf(int id) => TextOf(id, skipSpecialTokens: false);

    /// <summary>The id of a token, added ones included, or <see langword="null"/> where the vocabulary has none of this text.</summary>
    /// <param name="token">The token's text in the vocabulary.</param>
    public int? IdOf(string token) =>
        AddedTokens.LastOrDefault(added => added.Text == token) is { } found ? found.Id : _vocabulary.IdOf(token);

    /// <summary>An added token that a text holds, or <see langword="null"/> where it holds none.</summary>
    /// <remarks>
    /// A token that counts as a whole word only is not found inside another word; any other is found wherever its text stands.
    /// </remarks>
    /// <param name="text">The text, such as a question that a user typed.</param>
    public AddedToken? FindAddedToken(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (
            AddedTokens.FirstOrDefault(token =>
                token.Text.Length > 0 && !token.IsSingleWord && text.Contains(token.Text, StringComparison.Ordinal)
            ) is
            { } plain
        )
        {
            return plain;
        }

        List<(ReadOnlyMemory<AlignedCharacter> Text, AddedToken? Token)> parts = _rawTokens.Cut(AlignedText.Of(text));
        return parts.Select(part => part.Token ?? _encoder.FindAddedToken(part.Text)).FirstOrDefault(token => token is not null);
    }

    /// <summary>Refuses a question that would smuggle an added token into the prompt.</summary>
    /// <param name="question">What a user asks.</param>
    /// <param name="queryName">The query, for the error.</param>
    /// <param name="imageToken">The text that stands for the image, where the tokenizer may not know it.</param>
    /// <exception cref="ArgumentException">The question holds one.</exception>
    internal void RefuseAddedTokens(string question, string queryName, string? imageToken = null)
    {
        string? found =
            imageToken is { Length: > 0 } && question.Contains(imageToken, StringComparison.Ordinal)
                ? imageToken
                : FindAddedToken(question)?.Text;
        if (found is not null)
        {
            throw new ArgumentException(
                $"The question of query '{queryName}' contains the token '{found}', which stands for something else than its letters: \"{question}\". Remove it.",
                nameof(question)
            );
        }
    }

    private string? TextOf(int id, bool skipSpecialTokens) =>
        _addedById.TryGetValue(id, out AddedToken? added) ? (added.IsSpecial && skipSpecialTokens ? null : added.Text)
        : _vocabulary.TryGetText(id, out string? text) ? text
        : null;
}
