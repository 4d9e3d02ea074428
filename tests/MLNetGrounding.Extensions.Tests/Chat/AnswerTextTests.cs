namespace MLNetGrounding.Extensions.Chat;

[TestClass]
public sealed class AnswerTextTests
{
    [TestMethod]
    public void WhatMayBeginAStopIsHeldBack()
    {
        AnswerText text = new(["</end>", "ab"]);
        text.Add(" x <");
        Assert.AreEqual(1, text.Start);
        Assert.AreEqual("x ", text[text.Start..text.End]);
        text.Add("/");
        Assert.AreEqual("x ", text[text.Start..text.End]);
        text.Add("a");
        Assert.AreEqual("x </", text[text.Start..text.End]);
        text.Add("y");
        Assert.AreEqual("x </ay", text[text.Start..text.End]);
        Assert.IsFalse(text.IsStopped);
        text.Add("a");
        text.Add("bc");
        Assert.IsTrue(text.IsStopped);
        text.Complete("d");
        Assert.AreEqual("x </ay", text[text.Start..text.End]);
        CollectionAssert.AreEqual(new[] { "x", "</ay" }, text.Words.Select(word => word.Text).ToArray());
    }

    [TestMethod]
    public void WithoutAStopEverythingIsShownInTheEnd()
    {
        AnswerText text = new(["end"]);
        text.Add("the e");
        text.Complete("n");
        Assert.AreEqual("the en", text[text.Start..text.End]);
        Assert.AreEqual("en", text.Words[^1].Text);
        CollectionAssert.AreEqual(new[] { 0 }, text.Words[^1].Tokens.ToArray());
    }

    [TestMethod]
    public void TheStopThatIsWholeFirstCounts()
    {
        AnswerText text = new(["cd", "bcde"]);
        text.Add("a bc");
        Assert.AreEqual("a ", text[..text.End]);
        text.Add("de");
        Assert.AreEqual("a b", text[..text.End]);
    }

    /// <summary>The same as characters one by one, whatever pieces they came in.</summary>
    [TestMethod]
    public void PiecesMakeNoDifference()
    {
        Random random = new(3);
        for (int run = 0; run < 2000; run++)
        {
            string whole = Some(random.Next(20));
            string[] stops = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Some(1 + random.Next(3)))];
            AnswerText text = new(stops);
            int shown = 0;
            for (int at = 0; at < whole.Length; )
            {
                int length = Math.Min(whole.Length - at, 1 + random.Next(4));
                text.Add(whole.Substring(at, length));
                at += length;
                Assert.IsGreaterThanOrEqualTo(shown, text.End, "what was shown is taken back");
                shown = text.End;
            }

            text.Complete("");
            int cut = whole.Length;
            for (int length = 1; length <= whole.Length && cut == whole.Length; length++)
            {
                string[] ended = [.. stops.Where(stop => whole[..length].EndsWith(stop, StringComparison.Ordinal))];
                cut = ended.Length > 0 ? length - ended.Max(stop => stop.Length) : cut;
            }

            Assert.AreEqual(cut, text.End, $"'{whole}' until {string.Join(", ", stops.Select(stop => $"'{stop}'"))}");
        }

        string Some(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "ab "[random.Next(3)]));
    }
}
