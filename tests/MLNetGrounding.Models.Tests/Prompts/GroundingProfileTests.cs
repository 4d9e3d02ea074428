using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Prompts;

[TestClass]
public sealed class GroundingProfileTests
{
    [TestMethod]
    public void QuestionsAreMadeOfTheWords()
    {
        GroundingProfile profile = new();
        Assert.IsNull(profile.Template);
        Assert.IsNull(profile.Object);
        Assert.AreEqual("Where is the wheel?", profile.QuestionFor("wheel"));
        Assert.AreEqual("Where is the wheel of the car?", profile.QuestionFor("wheel", objectWord: "car"));
        Assert.AreEqual("Where is the wheel of the car?", (profile with { Object = "car" }).QuestionFor("wheel"));
        Assert.AreEqual("Where is the car?", (profile with { Object = "car" }).QuestionFor(null, QueryRole.Coarse));
        Assert.AreEqual("Where is the fish?", profile.QuestionFor("fish", QueryRole.Coarse));
        Assert.AreEqual("Write a general description of the image.", profile.QuestionFor(null, QueryRole.Neutral));
        Assert.AreEqual("What is in the background?", profile.QuestionFor(null, QueryRole.Background));
        Assert.AreEqual(QueryRow.WordMean, profile.Row);
    }

    [TestMethod]
    public void WrittenProfileReadsBack()
    {
        using TemporaryFolder folder = new();
        GroundingProfile profile = new()
        {
            Template = "<image> {question}",
            SystemMessage = "Be short.",
            Question = "{word}",
            Questions = new Dictionary<string, string> { ["eye"] = "eye color" },
            Object = "animal",
            ObjectQuestion = "{word} size",
            Neutral = "describe",
            Background = "sky",
            Row = QueryRow.WordLast,
        };
        GroundingProfileFile.Write(folder.Path, profile);
        GroundingProfile read = GroundingProfileFile.ReadOrDefault(folder.Path);
        CollectionAssert.AreEqual(profile.Questions.ToArray(), read.Questions.ToArray());
        Assert.AreEqual(profile, read with { Questions = profile.Questions });
    }

    [TestMethod]
    [DataRow("""{"template":"no picture {question}"}""", "template")]
    [DataRow("""{"template":"{question} before <image>"}""", "template")]
    [DataRow("""{"template":"<image><image>{question}"}""", "template")]
    [DataRow("""{"row":"middle"}""", "row")]
    [DataRow("""{"questions":{"eye":3}}""", "eye")]
    [DataRow("""{"qestion":"Where is it?"}""", "qestion")]
    [DataRow("""{"coarse":{"words":"bird"}}""", "coarse.words")]
    [DataRow("{", "JSON")]
    public void MistakesNameFileAndKey(string json, string expected)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, GroundingProfileFile.FileName);
        File.WriteAllText(path, json);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => GroundingProfileFile.ReadOrDefault(folder.Path));
        Assert.AreEqual(path, exception.FilePath);
        StringAssert.Contains(exception.Message, expected, StringComparison.Ordinal);
    }
}
