using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>
/// All questions about an image in one sequence: prefix and image; then per word the word, <c>ASSISTANT:</c> and the answer; then
/// <c>What color is the</c> once, and per word of a color question the word, <c>?</c>, <c>ASSISTANT:</c> and the answer. Questions see the
/// prefix, what they begin with, and themselves, and each continues the prefix's positions, just as if it were asked alone.
/// </summary>
/// <remarks>
/// The answer is predicted at the word and at <c>ASSISTANT:</c>. The two share the word's row, so half of the training text has the answer
/// directly after the word: "beak red" beside "beak ASSISTANT: red", "What color is the beak red" beside the whole question. What follows
/// the answer is the end token. Every subject has the same layout.
/// </remarks>
internal sealed class PackedQuestions
{
    private const int ShortLength = 3;
    private const int LongLength = 4;

    private static readonly int Words = Subject.Bird.Words.Count;
    private static readonly int Stem = Words * ShortLength;
    private static readonly int FirstQuestion = Stem + SampleWords.Stem.Count;

    public PackedQuestions(int visualTokens)
    {
        PrefixLength = SampleWords.Prefix.Count + visualTokens;
        Positions = [.. Enumerable.Range(0, PrefixLength), .. Enumerable.Range(0, SuffixLength).Select(row => PrefixLength + Offset(row))];
    }

    /// <summary>Number of tokens after the image.</summary>
    public static int SuffixLength { get; } = FirstQuestion + (Subject.Bird.Questioned.Count * LongLength);

    /// <summary>The rows that predict, in order.</summary>
    public static IReadOnlyList<AskedRow> Rows { get; } =
    [
        .. Enumerable
            .Range(0, Words)
            .SelectMany(word =>
                new AskedRow[]
                {
                    new(word * ShortLength, word, AnswerForm.Word),
                    new((word * ShortLength) + 1, word, AnswerForm.Prompt),
                    new((word * ShortLength) + 2, word, AnswerForm.PromptEnd),
                }
            ),
        .. Enumerable
            .Range(0, Subject.Bird.Questioned.Count)
            .SelectMany(word =>
                new AskedRow[]
                {
                    new(FirstQuestion + (word * LongLength), word, AnswerForm.QuestionWord),
                    new(FirstQuestion + (word * LongLength) + 2, word, AnswerForm.Question),
                    new(FirstQuestion + (word * LongLength) + 3, word, AnswerForm.QuestionEnd),
                }
            ),
    ];

    /// <summary>The place in <see cref="Rows"/> of a word's form.</summary>
    public static int RowOf(int word, AnswerForm form) => Rows.Index().First(row => row.Item.Word == word && row.Item.Form == form).Index;

    public int PrefixLength { get; }

    /// <summary>The position of every token of prefix, image and suffix.</summary>
    public IReadOnlyList<int> Positions { get; }

    /// <summary>The suffix of an image.</summary>
    /// <param name="subject">What the image shows.</param>
    /// <param name="answers">Token ids of the answers that the ends follow, to the words asked alone and then to the questions.</param>
    public static long[] SuffixIds(Subject subject, IReadOnlyList<long> answers)
    {
        List<long> ids = new(SuffixLength);
        for (int word = 0; word < subject.Words.Count; word++)
        {
            ids.AddRange([SampleWords.Id(subject.Words[word]), SampleWords.Id(SampleWords.Assistant), answers[word]]);
        }

        ids.AddRange(SampleWords.Stem.Select(word => (long)SampleWords.Id(word)));
        for (int word = 0; word < subject.Questioned.Count; word++)
        {
            ids.AddRange([
                SampleWords.Id(subject.Questioned[word]),
                SampleWords.QuestionMark,
                SampleWords.Id(SampleWords.Assistant),
                answers[subject.Words.Count + word],
            ]);
        }

        return [.. ids];
    }

    /// <summary>Added to attention scores, <c>[prefix + suffix, prefix + suffix]</c>.</summary>
    public Tensor Mask()
    {
        int length = PrefixLength + SuffixLength;
        float[] mask = new float[length * length];
        for (int row = 0; row < length; row++)
        {
            for (int column = 0; column < length; column++)
            {
                bool seen = column <= row && (column < PrefixLength || Sees(row - PrefixLength, column - PrefixLength));
                mask[(row * length) + column] = seen ? 0 : float.NegativeInfinity;
            }
        }

        return tensor(mask, [length, length]);
    }

    private static bool Sees(int row, int column) => Block(row) == Block(column) || (row >= FirstQuestion && Block(column) == Words);

    /// <summary>Which question a token belongs to: words asked alone, then the stem, then the questions.</summary>
    private static int Block(int row) =>
        row < Stem ? row / ShortLength
        : row < FirstQuestion ? Words
        : Words + 1 + ((row - FirstQuestion) / LongLength);

    private static int Offset(int row) =>
        row < Stem ? row % ShortLength
        : row < FirstQuestion ? row - Stem
        : SampleWords.Stem.Count + ((row - FirstQuestion) % LongLength);
}
