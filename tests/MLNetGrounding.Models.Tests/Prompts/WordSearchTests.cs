namespace MLNetGrounding.Models.Prompts;

[TestClass]
public sealed class WordSearchTests
{
    [TestMethod]
    [DataRow("Where is the wing?", "wing", 13)]
    [DataRow("wing", "wing", 0)]
    [DataRow("the wing is the wing of the bird", "wing", 16)]
    [DataRow("Where is it swinging?", "wing", -1)]
    [DataRow("wing2 or 2wing", "wing", -1)]
    [DataRow("the wing's tip, swinging", "wing", 4)]
    [DataRow("where?", "wing", -1)]
    [DataRow("鸟的翅膀在哪里?", "翅膀", 2)]
    [DataRow("翅膀的翅膀", "翅膀", 3)]
    [DataRow("鳥のくちばしはどこ", "くちばし", 2)]
    [DataRow("ปีกนกอยู่ที่ไหน", "นก", 3)]
    [DataRow("the翅膀wing", "翅膀", 3)]
    [DataRow("the翅膀wing", "wing", 5)]
    [DataRow("날개는 어디에 있나요", "날개", 0)]
    [DataRow("새날개 어디", "날개", -1)]
    [DataRow("Wo ist der Flügel?", "Flügel", 11)]
    [DataRow("Где крыло птицы", "крыл", -1)]
    [DataRow("Где крыло птицы", "крыло", 4)]
    [DataRow("\U0001F426bird", "bird", 2)]
    [DataRow("bird\U0001F426", "\U0001F426", 4)]
    [DataRow("a\U0001D4D7", "a", -1)]
    [DataRow("e e\u0301", "e", 0)]
    [DataRow("か\u3099", "か", -1)]
    [DataRow("\u2764\uFE0F here", "\u2764", 0)]
    [DataRow("aaa aa", "aa", 4)]
    public void AWordIsFoundWhereItStandsByItself(string question, string word, int expected) =>
        Assert.AreEqual(expected, WordSearch.Last(question, word));
}
