namespace MLNetGrounding.Models.Generation;

[TestClass]
public sealed class AnswerWordTests
{
    [TestMethod]
    public void WordsAreJoinedFromTokens() =>
        AreEqual(["The", " wh", "eel", " is", " red", "."], ("The", [0]), ("wheel", [1, 2]), ("is", [3]), ("red.", [4, 5]));

    [TestMethod]
    public void ATokenOfTwoWordsIsInBoth() => AreEqual(["a b", "c"], ("a", [0]), ("bc", [0, 1]));

    [TestMethod]
    public void TokensThatOnlyBeginACharacterBelongToItsWord() => AreEqual([" ", "", "", "🐦", "", "s"], ("🐦s", [1, 2, 3, 4, 5]));

    [TestMethod]
    public void NoTextNoWords() => AreEqual(["", " ", "\n"]);

    private static void AreEqual(string[] texts, params (string Text, int[] Tokens)[] expected)
    {
        IReadOnlyList<AnswerWord> words = AnswerWord.Join(texts);
        CollectionAssert.AreEqual(expected.Select(word => word.Text).ToArray(), words.Select(word => word.Text).ToArray());
        for (int index = 0; index < expected.Length; index++)
        {
            CollectionAssert.AreEqual(expected[index].Tokens, words[index].Tokens.ToArray());
        }
    }

    [TestMethod]
    public void WordsKnowWhereTheyBegin()
    {
        string[] texts = [" a b", "c", "", "d  e"];
        string whole = string.Concat(texts);
        IReadOnlyList<AnswerWord> words = AnswerWord.Join(texts);
        CollectionAssert.AreEqual(new[] { "a", "bcd", "e" }, words.Select(word => word.Text).ToArray());
        foreach (AnswerWord word in words)
        {
            Assert.AreEqual(word.Text, whole.Substring(word.Start, word.Text.Length));
        }
    }
}
