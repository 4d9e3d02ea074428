using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>
/// All questions about an image in one sequence: prefix and image, then per question its word and <c>ASSISTANT:</c>. Questions see the
/// prefix and themselves, and each continues the prefix's positions, just as if it were asked alone.
/// </summary>
/// <remarks>
/// The answer is predicted at the word, which is the text "beak red", and at <c>ASSISTANT:</c>, the text "beak ASSISTANT: red": the two
/// forms share the word's row, so half of the training text has the answer directly after the word.
/// </remarks>
internal sealed class PackedQuestions
{
    /// <summary>Answers per question: after the word and after <c>ASSISTANT:</c>.</summary>
    public const int Forms = 2;

    public PackedQuestions(int visualTokens)
    {
        PrefixLength = SampleWords.Prefix.Count + visualTokens;
        int questions = SampleWords.Questions.Count;
        SuffixLength = questions * Forms;
        SuffixIds =
        [
            .. SampleWords.Questions.SelectMany(word => new long[] { SampleWords.Id(word), SampleWords.Id(SampleWords.Assistant) }),
        ];
        Positions = [.. Enumerable.Range(0, PrefixLength), .. Enumerable.Range(0, SuffixLength).Select(row => PrefixLength + row % Forms)];
    }

    public int PrefixLength { get; }

    public int SuffixLength { get; }

    public IReadOnlyList<long> SuffixIds { get; }

    public IReadOnlyList<int> Positions { get; }

    /// <summary>Added to attention scores, <c>[prefix + suffix, prefix + suffix]</c>.</summary>
    public Tensor Mask()
    {
        int length = PrefixLength + SuffixLength;
        float[] mask = new float[length * length];
        for (int row = 0; row < length; row++)
        {
            for (int column = 0; column < length; column++)
            {
                bool seen = column <= row && (column < PrefixLength || (column - PrefixLength) / Forms == (row - PrefixLength) / Forms);
                mask[row * length + column] = seen ? 0 : float.NegativeInfinity;
            }
        }

        return tensor(mask, [length, length]);
    }
}
