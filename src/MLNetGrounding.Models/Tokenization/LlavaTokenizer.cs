using Microsoft.ML.Tokenizers;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>The SentencePiece tokenizer of a checkpoint folder, applied to the text on either side of the picture.</summary>
internal sealed class LlavaTokenizer
{
    public const string FileName = "tokenizer.model";
    public const string AddedTokensFileName = "added_tokens.json";
    private const char EscapedSpace = '\u2581';

    private readonly LlamaTokenizer _tokenizer;
    private readonly HashSet<string> _specialTokens;

    private LlavaTokenizer(LlamaTokenizer tokenizer, HashSet<string> specialTokens)
    {
        _tokenizer = tokenizer;
        _specialTokens = specialTokens;
    }

    /// <summary>Opens the tokenizer, or gives <see langword="null"/> where the folder has none.</summary>
    public static LlavaTokenizer? TryOpen(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            LlamaTokenizer tokenizer = LlamaTokenizer.Create(stream, addBeginOfSentence: true, addEndOfSentence: false);
            HashSet<string> special = [GroundingProfile.ImagePlaceholder, tokenizer.BeginningOfSentenceToken, tokenizer.EndOfSentenceToken, tokenizer.UnknownToken];
            string addedTokens = Path.Combine(directory, AddedTokensFileName);
            if (File.Exists(addedTokens))
            {
                special.UnionWith(JsonSettings.Open(addedTokens).Keys);
            }

            return new LlavaTokenizer(tokenizer, special);
        }
        catch (Exception exception) when (exception is not (CheckpointException or OutOfMemoryException))
        {
            throw new CheckpointException(path, $"not a SentencePiece model that can be read: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>The tokens of the text before the picture, with the token that begins every sequence.</summary>
    public IReadOnlyList<int> EncodePrefix(string text) =>
        text.Length == 0 ? [_tokenizer.BeginningOfSentenceId] : _tokenizer.EncodeToIds(text, addBeginningOfSentence: true, addEndOfSentence: false);

    /// <summary>The tokens of the text after the picture, and the positions of those that overlap a range of it.</summary>
    /// <param name="text">The text after the picture.</param>
    /// <param name="start">First character of the range.</param>
    /// <param name="length">Length of the range; 0 gives no positions.</param>
    public (IReadOnlyList<int> Ids, IReadOnlyList<int> Positions) EncodeSuffix(string text, int start, int length)
    {
        IReadOnlyList<EncodedToken> tokens = _tokenizer.EncodeToTokens(text, out string? normalized, addBeginningOfSentence: false, addEndOfSentence: false);

        // Offsets refer to the normalized text, which may carry one more leading space.
        string seen = normalized ?? text;
        int shift = seen.Length - text.Length;
        if (length > 0 && (shift is < 0 or > 1 || !string.Equals(seen.Substring(start + shift, length), text.Substring(start, length).Replace(' ', EscapedSpace), StringComparison.Ordinal)))
        {
            throw new NotSupportedException($"The tokenizer rewrites '{text}' into '{seen}', so that '{text.Substring(start, length)}' cannot be found in it. Give the query as token ids.");
        }

        List<int> positions = [];
        for (int index = 0; index < tokens.Count; index++)
        {
            (int offset, int count) = tokens[index].Offset.GetOffsetAndLength(seen.Length);
            if (offset < start + shift + length && offset + count > start + shift)
            {
                positions.Add(index);
            }
        }

        return ([.. tokens.Select(token => token.Id)], positions);
    }

    /// <summary>Refuses a question that would smuggle a special token into the prompt.</summary>
    public void RefuseSpecialTokens(string question, string queryName)
    {
        if (_specialTokens.FirstOrDefault(token => token.Length > 0 && question.Contains(token, StringComparison.Ordinal)) is { } found)
        {
            throw new ArgumentException($"The question of query '{queryName}' contains the special token '{found}': \"{question}\". Remove it.", nameof(question));
        }
    }
}
