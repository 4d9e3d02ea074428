using MLNetGrounding.Testing;

namespace MLNetGrounding.Extensions.Chat;

[TestClass]
public sealed class DocumentedChatTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(TestData.Fixture("golden"), "..", "..", ".."));

    [TestMethod]
    public void ThePageShowsTheCodeThatIsCompiledHere()
    {
        string[] lines = File.ReadAllLines(
            Path.Combine(Root, "tests", "MLNetGrounding.Extensions.Tests", "Chat", $"{nameof(DocumentedChat)}.cs")
        );
        int start = Array.FindIndex(lines, line => line.Trim() == "// <page>") + 1;
        int end = Array.FindIndex(lines, line => line.Trim() == "// </page>");
        string code = string.Join('\n', lines[start..end].Select(line => line.Length > 0 ? line[8..] : line));
        Assert.IsGreaterThan(10, end - start);
        Assert.Contains($"```csharp\n{code}\n```", File.ReadAllText(Path.Combine(Root, "docs", "answers.md")));
    }

    [TestMethod]
    public async Task TheCodeRuns()
    {
        using ChatModel model = new();
        string photo = Path.GetFullPath("car.png");
        File.Copy(model.ImagePath, photo, overwrite: true);
        try
        {
            using StringWriter output = new();
            await DocumentedChat.Run(model.Model.Directory, output);
            Assert.Contains(": looked at PixelBox { X = ", output.ToString());
        }
        finally
        {
            File.Delete(photo);
        }
    }
}
