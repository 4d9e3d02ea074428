namespace MLNetGrounding.Models.Prompts;

[TestClass]
public sealed class PromptFormatTests
{
    private static readonly PromptFormat Format = new()
    {
        Template = "[system: be kind]<image>{question}",
        Origin = "a test",
        ImageToken = "<image>",
        SystemTurn = "[system: {system}]",
    };

    [TestMethod]
    public void ASystemMessageTakesThePlaceOfTheTemplates()
    {
        Assert.AreEqual("[system: be short]<image>{question}", Format.WithSystem(Format.Template, "be short"));
        Assert.AreEqual("<image>{question}", Format.WithSystem(Format.Template, ""));
        Assert.AreEqual(Format.Template, Format.WithSystem(Format.Template, null));
    }

    [TestMethod]
    public void ATemplateWithoutOneGetsItInFront() =>
        Assert.AreEqual("[system: be short]<image>{question}", Format.WithSystem("<image>{question}", "be short"));

    [TestMethod]
    public void FamiliesWithoutSystemMessagesSaySo()
    {
        PromptFormat without = Format with { SystemTurn = null };
        Assert.IsNull(without.WithSystem(without.Template, "be short"));
        Assert.AreEqual(without.Template, without.WithSystem(without.Template, null));
    }
}
