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
        string settings = Path.Combine(configuration, CheckpointSettings.ConfigurationFileName);
        File.WriteAllText(settings, File.ReadAllText(settings) + "\n");

        string prompts = Copy(folder, "prompts");
        GroundingProfileFile.Write(prompts, new GroundingProfile { Question = "Show me the {word}." });

        string[] all = [.. new[] { TinyA, weights, configuration, prompts }.Select(Of)];
        CollectionAssert.AllItemsAreUnique(all);
    }

    [TestMethod]
    [DataRow("preprocessor_config.json", "how images are prepared")]
    [DataRow("processor_config.json", "how images are prepared")]
    [DataRow("tokenizer.model", "the tokenizer")]
    [DataRow("added_tokens.json", "the tokenizer")]
    [DataRow("tokenizer.json", "the tokenizer")]
    [DataRow("tokenizer_config.json", "the tokenizer")]
    [DataRow("special_tokens_map.json", "the tokenizer")]
    [DataRow("vocab.json", "the tokenizer")]
    [DataRow("merges.txt", "the tokenizer")]
    [DataRow("chat_template.jinja", "the chat template")]
    [DataRow("chat_template.json", "the chat template")]
    [DataRow("generation_config.json", "generation_config.json")]
    public void EverySettingsFileMattersWhetherItIsThereAndWhatItSays(string file, string difference)
    {
        using TemporaryFolder folder = new();
        string copy = Copy(folder, "copy");
        var before = CheckpointIdentity.Of(copy);
        Assert.AreEqual(CheckpointIdentity.Of(TinyA), before);
        File.WriteAllText(Path.Combine(copy, file), "{ }");
        var with = CheckpointIdentity.Of(copy);
        File.WriteAllText(Path.Combine(copy, file), "{  }");
        var changed = CheckpointIdentity.Of(copy);
        CollectionAssert.AreEqual(new[] { difference }, with.DifferencesFrom(before).ToArray());
        CollectionAssert.AreEqual(new[] { difference }, changed.DifferencesFrom(with).ToArray());
    }

    [TestMethod]
    public void TheSameTextInAnotherFileIsAnotherTokenizer()
    {
        using TemporaryFolder folder = new();
        string one = Copy(folder, "one");
        File.WriteAllText(Path.Combine(one, "vocab.json"), "{ }");
        string other = Copy(folder, "other");
        File.WriteAllText(Path.Combine(other, "tokenizer.json"), "{ }");
        Assert.AreNotEqual(CheckpointIdentity.Of(one).Tokenizer, CheckpointIdentity.Of(other).Tokenizer);
    }

    [TestMethod]
    public void OtherFilesDoNotMatter()
    {
        using TemporaryFolder folder = new();
        string copy = Copy(folder, "copy");
        File.WriteAllText(Path.Combine(copy, "README.md"), "about");
        Assert.AreEqual(CheckpointIdentity.Of(TinyA), CheckpointIdentity.Of(copy));
    }

    private static string Of(string directory)
    {
        using var model = VisionLanguageModel.Load(directory);
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
