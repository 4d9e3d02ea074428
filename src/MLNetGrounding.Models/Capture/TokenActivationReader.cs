using MLNetGrounding.Maths.Activation;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Reads token activation maps of questions and answers from the hidden states after the last layer.</summary>
/// <param name="decoder">Makes logits of states.</param>
/// <param name="sequence">Which token is where.</param>
/// <param name="hidden">The prompt's states, <c>[tokens, width]</c>.</param>
internal sealed class TokenActivationReader(IDecoder decoder, PackedSequence sequence, Tensor hidden)
{
    private readonly int[] _tokens = sequence.Layout.TokenOfCell();

    /// <summary>The states at some of a query's own tokens, <c>[tokens, width]</c>.</summary>
    public Tensor Places(int query, IReadOnlyList<int> positions) =>
        hidden.index_select(0, Indices(positions.Select(position => sequence.Suffixes[query].Start + position)));

    /// <summary>Maps of all tokens of a text, in their order.</summary>
    /// <param name="places">
    /// The states at the tokens' places, <c>[tokens, width]</c>: a question's token at itself, an answer's where it was predicted.
    /// </param>
    /// <param name="ids">The tokens.</param>
    /// <param name="question">How many of them are the question's.</param>
    /// <param name="firstAnswerClass">Explains the first token of the answer as another; <see langword="null"/> as itself.</param>
    public float[][] Explain(Tensor places, IReadOnlyList<int> ids, int question, int? firstAnswerClass = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int count = ids.Count;

        // The first token has nothing before it but the image; the release explains what it is followed by.
        int[] classes = [.. ids];
        if (question > 0)
        {
            classes[0] = MostLikely(decoder.Logits(places[0]).ToFloats());
        }

        if (firstAnswerClass is { } other && question < count)
        {
            classes[question] = other;
        }

        Tensor states = cat([hidden.narrow(0, sequence.ImageStart, sequence.VisualTokens), places], 0);
        float[] logits = decoder.Logits(states, Indices(classes)).ToFloats();
        TokenActivation activation = new(_tokens.Length);
        float[][] maps = new float[count][];
        float[] visual = new float[_tokens.Length];
        for (int token = 0; token < count; token++)
        {
            for (int cell = 0; cell < visual.Length; cell++)
            {
                visual[cell] = _tokens[cell] < 0 ? 0 : logits[(_tokens[cell] * count) + token];
            }

            // All of the question, and of the answer what came before.
            float[] text = new float[Math.Max(question, token)];
            for (int place = 0; place < text.Length; place++)
            {
                text[place] = logits[((sequence.VisualTokens + place) * count) + token];
            }

            maps[token] = new float[visual.Length];
            TokenActivation.Scale(activation.Next(visual, text, ids[token]), text, maps[token]);
        }

        return maps;
    }

    private static int MostLikely(float[] logits)
    {
        int largest = 0;
        for (int id = 1; id < logits.Length; id++)
        {
            largest = logits[id] > logits[largest] ? id : largest;
        }

        return largest;
    }

    private Tensor Indices(IEnumerable<int> indices) => tensor([.. indices.Select(index => (long)index)], device: hidden.device);
}
