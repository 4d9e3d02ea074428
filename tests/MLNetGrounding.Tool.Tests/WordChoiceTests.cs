namespace MLNetGrounding.Tool;

[TestClass]
public sealed class WordChoiceTests
{
    private static readonly ShownWord[] Words = ShownWord.Of([
        Answer("a bc"),
        Answer("d"),
        new GroundedAnswer
        {
            Question = "q",
            Text = "lost",
            Words = [new GroundedWord("lost", 0, new[] { float.NaN })],
        },
        Answer("e f"),
    ]);

    [TestMethod]
    public void ArrowsGoFromWordToWordAndFromAnswerToAnswer()
    {
        CollectionAssert.AreEqual(new[] { "a", "bc", "d", "e", "f" }, Words.Select(word => word.Word.Text).ToArray());
        WordChoice choice = new(Words);
        Assert.AreEqual("a", choice.Chosen.Word.Text);
        Assert.AreEqual("bc", After(ConsoleKey.RightArrow));
        Assert.AreEqual("d", After(ConsoleKey.RightArrow));
        Assert.AreEqual("bc", After(ConsoleKey.LeftArrow));
        Assert.AreEqual("d", After(ConsoleKey.DownArrow));
        Assert.AreEqual("d", After(ConsoleKey.DownArrow), "the next answer has no word with a map");
        Assert.AreEqual("a", After(ConsoleKey.UpArrow));
        Assert.AreEqual("a", After(ConsoleKey.UpArrow));
        Assert.AreEqual("f", After(ConsoleKey.End));
        Assert.AreEqual("f", After(ConsoleKey.Tab));
        Assert.AreEqual("a", After(ConsoleKey.Home));
        Assert.AreEqual("a", After(ConsoleKey.X));
        Assert.IsFalse(choice.Follow(ConsoleKey.Q));
        Assert.IsFalse(choice.Follow(ConsoleKey.Escape));

        string After(ConsoleKey key)
        {
            Assert.IsTrue(choice.Follow(key));
            return choice.Chosen.Word.Text;
        }
    }

    private static GroundedAnswer Answer(string text) =>
        new()
        {
            Question = "q",
            Text = text,
            Words = [.. AnswerWord.Join([text]).Select(word => new GroundedWord(word.Text, word.Start, new[] { 0f }))],
        };
}
