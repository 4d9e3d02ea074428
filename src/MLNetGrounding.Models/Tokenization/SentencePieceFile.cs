using System.Text;
using Microsoft.ML.Tokenizers;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.BytePairs;
using MLNetGrounding.Models.Tokenization.Characters;
using MLNetGrounding.Models.Tokenization.Decoders;
using MLNetGrounding.Models.Tokenization.PostProcessors;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads a SentencePiece model, and the tokens that were added to it.</summary>
internal static class SentencePieceFile
{
    private const int LongestFile = 64 << 20;

    public static TextTokenizer Read(string path)
    {
        LlamaTokenizer model;
        try
        {
            using MemoryStream stream = new(CheckpointFile.ReadBytes(path, LongestFile));
            model = LlamaTokenizer.Create(stream, addBeginOfSentence: true, addEndOfSentence: false);
        }
        catch (Exception exception) when (exception is not (CheckpointException or OutOfMemoryException))
        {
            throw new CheckpointException(
                path,
                $"not a SentencePiece model that can be read: {exception.Message}",
                innerException: exception
            );
        }

        Vocabulary vocabulary = new(new Dictionary<string, int>(model.Vocabulary, StringComparer.Ordinal));
        List<AddedToken> added =
        [
            .. new[]
            {
                (model.UnknownToken, model.UnknownId),
                (model.BeginningOfSentenceToken, model.BeginningOfSentenceId),
                (model.EndOfSentenceToken, model.EndOfSentenceId),
            }
                .Where(token => token.Item1.Length > 0 && vocabulary.TryGetText(token.Item2, out _))
                .Select(token => new AddedToken(token.Item2, token.Item1, isSpecial: true)),
        ];
        if (JsonSettings.TryOpen(Path.Combine(Path.GetDirectoryName(path)!, TokenizerFileNames.AddedTokens)) is { } addedTokens)
        {
            added.AddRange(addedTokens.Keys.Select(text => new AddedToken(addedTokens.Int(text, 0, int.MaxValue), text, isSpecial: true)));
        }

        AlignedToken begin = new(model.BeginningOfSentenceId, model.BeginningOfSentenceToken, 0, 0);
        return new TextTokenizer(
            path,
            vocabulary,
            added,
            new SentencePieceEncoder(model),
            [new TemplateProcessor([begin, null])],
            new DecoderChain(
                [
                    new ReplaceDecoder(TextPattern.OfText("\u2581"), " "),
                    new ByteFallbackDecoder(),
                    new FuseDecoder(),
                    new StripDecoder(new Rune(' '), 1, 0, wholeText: true),
                ],
                continuable: true
            )
        );
    }
}
