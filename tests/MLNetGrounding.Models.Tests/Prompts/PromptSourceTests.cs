using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Prompts;

[TestClass]
public sealed class PromptSourceTests
{
    private static readonly PromptFormat Format = new()
    {
        Template = "<image>{question}",
        Origin = "a test",
        ImageToken = "<image>",
        SystemTurn = "[{system}]",
    };

    [TestMethod]
    public void ASystemMessageOfTheFolderStandsInTheTemplate()
    {
        using TemporaryFolder folder = WithSystemMessage();
        (GroundingProfile profile, string origin) = PromptSource.Find(folder.Path, Format);
        Assert.AreEqual("[Be short.]<image>{question}", profile.Template);
        Assert.AreEqual("a test", origin);
    }

    [TestMethod]
    public void ASystemMessageThatTheFamilyHasNotIsRefused()
    {
        using TemporaryFolder folder = WithSystemMessage();
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() =>
            PromptSource.Find(folder.Path, Format with { SystemTurn = null })
        );
        StringAssert.Contains(exception.Message, GroundingProfileFile.FileName);
        StringAssert.Contains(exception.Message, "'system'");
    }

    private static TemporaryFolder WithSystemMessage()
    {
        TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, GroundingProfileFile.FileName), """{"system":"Be short."}""");
        return folder;
    }
}
