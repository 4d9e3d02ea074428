using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.BytePairs;
using MLNetGrounding.Models.Tokenization.Decoders;
using MLNetGrounding.Models.Tokenization.Normalizers;
using MLNetGrounding.Models.Tokenization.PostProcessors;
using MLNetGrounding.Models.Tokenization.PreTokenizers;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads <c>tokenizer.json</c>; a part or a setting that is not known here is an error that names it.</summary>
internal static class PipelineFile
{
    /// <summary>Vocabularies of today reach 20 MB.</summary>
    private const int LongestFile = 256 << 20;

    public static TextTokenizer Read(string path)
    {
        var file = JsonSettings.Open(path, longest: LongestFile);
        JsonSettings model = file.Section("model");
        Vocabulary vocabulary = ModelPart.ReadVocabulary(model);
        BytePairEncoder bytePairs = ModelPart.Read(model, vocabulary);
        List<AddedToken> added = [.. file.Sections("added_tokens").Select(token => ReadAddedToken(token, vocabulary))];
        List<INormalizer> normalizers = NormalizerPart.Read(file, "normalizer");
        List<IPreTokenizer> preTokenizers = PreTokenizerPart.Read(file, "pre_tokenizer");
        List<IPostProcessor> postProcessors = PostProcessorPart.Read(file, "post_processor");
        DecoderChain decoders = DecoderPart.Read(file, "decoder");

        // Set anew for every call by transformers, whatever the file says.
        file.Ignore("version", "truncation", "padding");
        file.RefuseUnread();
        return new TextTokenizer(
            path,
            vocabulary,
            added,
            new PipelineEncoder(normalizers, preTokenizers, bytePairs, added),
            postProcessors,
            decoders
        );
    }

    private static AddedToken ReadAddedToken(JsonSettings settings, Vocabulary vocabulary)
    {
        string text = settings.Text("content");
        int id = settings.Int("id", 0, int.MaxValue);
        if (vocabulary.IdOf(text) is { } known && known != id)
        {
            throw settings.Wrong("id", $"the vocabulary's {known} was expected for '{text}', found {id}");
        }

        bool special = settings.Flag("special", false);
        return new AddedToken(id, text, special)
        {
            IsSingleWord = settings.Flag("single_word", false),
            StripsLeft = settings.Flag("lstrip", false),
            StripsRight = settings.Flag("rstrip", false),
            IsNormalized = settings.Flag("normalized", !special),
        };
    }
}
