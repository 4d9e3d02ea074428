using MLNetGrounding.Models.Families.QwenVl;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Prompts;

[TestClass]
public sealed class BoxQuestionTests
{
    [TestMethod]
    [DataRow(QwenFolder.Flat, "qwen2_5_vl", BoxUnits.InputPixels)]
    [DataRow(QwenFolder.Third, "qwen3_vl", BoxUnits.Thousandths)]
    public void TheFamilySaysHowBoxesAreAskedForAndWhatTheirNumbersAre(string configuration, string family, BoxUnits units)
    {
        using QwenFolder folder = new(configuration);
        PromptFormat format = folder.Architecture().Prompts;
        Assert.AreEqual(family, folder.Architecture().Info.Family);
        Assert.AreEqual(units, format.BoxUnits);
        Assert.AreEqual(
            "Locate the wheel, output its bounding box in JSON format.",
            PromptSource.WithBoxes(new GroundingProfile(), format).BoxQuestionFor("wheel")
        );
    }

    [TestMethod]
    public void AProfileHasAQuestionOfItsOwn()
    {
        using QwenFolder folder = new(QwenFolder.Flat);
        GroundingProfile profile = PromptSource.WithBoxes(
            new GroundingProfile { BoxQuestion = "Box of {word}?", BoxUnits = BoxUnits.Shares },
            folder.Architecture().Prompts
        );
        Assert.AreEqual("Box of wheel?", profile.BoxQuestionFor("wheel"));
        Assert.AreEqual(BoxUnits.Shares, profile.BoxUnits);
        Assert.IsNull(new GroundingProfile().BoxQuestionFor("wheel"));
    }

    [TestMethod]
    public void TheFileHoldsQuestionAndUnits()
    {
        using TemporaryFolder folder = new();
        GroundingProfile profile = new() { BoxQuestion = "Box of {word}?", BoxUnits = BoxUnits.Thousandths };
        GroundingProfileFile.Write(folder.Path, profile);
        GroundingProfile read = GroundingProfileFile.ReadOrDefault(folder.Path);
        Assert.AreEqual(profile.BoxQuestion, read.BoxQuestion);
        Assert.AreEqual(profile.BoxUnits, read.BoxUnits);
        File.WriteAllText(Path.Combine(folder.Path, GroundingProfileFile.FileName), """{"box":{"units":"inches"}}""");
        StringAssert.Contains(
            Assert.ThrowsExactly<CheckpointException>(() => GroundingProfileFile.ReadOrDefault(folder.Path)).Message,
            "box.units"
        );
    }
}
