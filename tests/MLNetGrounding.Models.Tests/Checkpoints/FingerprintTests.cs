using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Checkpoints;

[TestClass]
public sealed class FingerprintTests
{
    private static readonly string TinyA = GoldenData.TinyA.Checkpoint;

    [TestMethod]
    public void TheFolderDoesNotMatter()
    {
        using TemporaryFolder folder = new();
        Assert.AreEqual(Of(TinyA), Of(Copy(folder, "elsewhere")));
        Assert.AreEqual(32, Of(TinyA).Length);
    }

    [TestMethod]
    public void WeightsConfigurationAndPromptsMatter()
    {
        using TemporaryFolder folder = new();
        string weights = Copy(folder, "weights");
        string file = Path.Combine(weights, CheckpointFolder.SingleFileName);
        byte[] content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);

        string configuration = Copy(folder, "configuration");
        string settings = Path.Combine(configuration, LlavaConfigurationFile.FileName);
        File.WriteAllText(settings, File.ReadAllText(settings) + "\n");

        string prompts = Copy(folder, "prompts");
        GroundingProfileFile.Write(prompts, new GroundingProfile { Question = "Show me the {word}." });

        string[] all = [.. new[] { TinyA, weights, configuration, prompts }.Select(Of)];
        CollectionAssert.AllItemsAreUnique(all);
    }

    private static string Of(string directory)
    {
        using VisionLanguageModel model = VisionLanguageModel.Load(directory);
        return model.Fingerprint;
    }

    private static string Copy(TemporaryFolder folder, string name)
    {
        string copy = Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
        foreach (string file in Directory.GetFiles(TinyA))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }
}
