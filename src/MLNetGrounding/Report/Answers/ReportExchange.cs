namespace MLNetGrounding.Report.Answers;

/// <summary>A question and its answer, each cut into words.</summary>
internal sealed record ReportExchange
{
    public required IReadOnlyList<ReportWord> Question { get; init; }

    public required IReadOnlyList<ReportWord> Answer { get; init; }

    public static ReportExchange Of(GroundedAnswer answer, MapGrid grid) =>
        new() { Question = Cut(answer.Question, answer.QuestionWords, grid), Answer = Cut(answer.Text, answer.Words, grid) };

    /// <summary>A text as pieces that together are the whole: the words that have maps, and what stands between them.</summary>
    private static List<ReportWord> Cut(string text, IReadOnlyList<GroundedWord> words, MapGrid grid)
    {
        List<ReportWord> pieces = [];
        int position = 0;
        foreach (GroundedWord word in words)
        {
            // A text that is not the words' own is shown as it is.
            int end = word.Start + word.Text.Length;
            if (word.Start < position || end > text.Length || !text.AsSpan(word.Start, word.Text.Length).SequenceEqual(word.Text))
            {
                continue;
            }

            if (word.Start > position)
            {
                pieces.Add(new ReportWord(text[position..word.Start], null, null));
            }

            pieces.Add(ReportWord.Of(word, grid));
            position = end;
        }

        if (position < text.Length)
        {
            pieces.Add(new ReportWord(text[position..], null, null));
        }

        return pieces;
    }
}
