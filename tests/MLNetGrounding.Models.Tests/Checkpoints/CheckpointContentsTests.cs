using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Folders that are no checkpoints, each said in one line with what to do.</summary>
[TestClass]
public sealed class CheckpointContentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string TinyA => GoldenData.TinyA.Checkpoint;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("model.safetensors")]
    [DataRow("config.json")]
    [DataRow("preprocessor_config.json")]
    [DataRow("tokenizer.model")]
    [DataRow("grounding.json")]
    public void AGitLfsPointerIsNamedForWhatItIs(string file)
    {
        string pointer = TestData.Require("cases/lfs-pointer.safetensors");
        string copy = Copy();
        File.Copy(pointer, Path.Combine(copy, file), overwrite: true);
        Says(copy, Path.Combine(copy, file), "git-LFS pointer", "git lfs pull");
    }

    [TestMethod]
    [DataRow("""{"quant_method":"awq","bits":4}""", "(AWQ, 4 bits)")]
    [DataRow("""{"quant_method":"gptq","bits":4,"group_size":128}""", "(GPTQ, 4 bits)")]
    [DataRow("""{"load_in_4bit":true,"bnb_4bit_quant_type":"nf4"}""", "(bitsandbytes, 4 bits)")]
    [DataRow("""{"quant_method":"bitsandbytes","load_in_8bit":true}""", "(bitsandbytes, 8 bits)")]
    [DataRow("""{"quant_method":"fp8","weight_block_size":[128,128]}""", "(FP8)")]
    [DataRow("""{"quant_method":"fbgemm_fp8"}""", "(FP8)")]
    [DataRow("""{"quant_method":"compressed-tensors"}""", "(compressed-tensors)")]
    [DataRow("""{"quant_method":"mxfp4"}""", "(mxfp4)")]
    [DataRow("""{}""", "not named")]
    [DataRow("7", "(7)")]
    public void QuantizedWeightsAreNamed(string value, string kind)
    {
        string copy = Copy(configure: text => $$"""{"quantization_config":{{value}},{{text[1..]}}""");
        CheckpointException exception = Says(copy, Path.Combine(copy, "config.json"), kind, "F32, F16 or BF16");
        Assert.AreEqual("quantization_config", exception.SettingName);
    }

    [TestMethod]
    public void QuantizationOfTheLanguageModelAloneIsNamed()
    {
        string copy = Copy(configure: text =>
            text.Replace(
                "\"text_config\": {",
                "\"text_config\": {\"quantization_config\":{\"quant_method\":\"awq\"},",
                StringComparison.Ordinal
            )
        );
        Assert.AreEqual("text_config.quantization_config", Says(copy, Path.Combine(copy, "config.json"), "AWQ").SettingName);
    }

    [TestMethod]
    public void SettingsOfOlderQuantizersAreNamed()
    {
        string copy = Copy();
        File.WriteAllText(Path.Combine(copy, "quantize_config.json"), """{"bits":4}""");
        Says(copy, Path.Combine(copy, "quantize_config.json"), "GPTQ");
    }

    [TestMethod]
    public void AnAdapterIsNamed()
    {
        _folder.Write("lora/adapter_config.json", """{"peft_type":"LORA"}""");
        _folder.Write("lora/adapter_model.safetensors", "x");
        string folder = Path.Combine(_folder.Path, "lora");
        Says(folder, Path.Combine(folder, "adapter_config.json"), "LoRA", "merge_and_unload");
    }

    [TestMethod]
    public void AnAdapterBesideWholeWeightsIsNamedToo()
    {
        string copy = Copy();
        File.WriteAllText(Path.Combine(copy, "adapter_config.json"), "{}");
        Says(copy, Path.Combine(copy, "adapter_config.json"), "Merge it first");
    }

    [TestMethod]
    [DataRow("pytorch_model.bin")]
    [DataRow("model-q4_k_m.gguf")]
    public void OtherFormatsAreNamed(string file)
    {
        string copy = Copy();
        File.Move(Path.Combine(copy, CheckpointFolder.SingleFileName), Path.Combine(copy, file));
        Says(copy, copy, file, "convert to safetensors", "save_pretrained");
    }

    [TestMethod]
    public void EverythingThatIsMissingIsSaidAtOnce()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName;
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() =>
            CheckpointContents.Require(folder, needsTokenizer: true)
        );
        foreach (
            string part in new[] { "config.json", "preprocessor_config.json", "tokenizer.json or tokenizer.model", "model.safetensors" }
        )
        {
            StringAssert.Contains(exception.Message, part, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\n', exception.Message);
    }

    [TestMethod]
    public void EitherTokenizerWillDo()
    {
        string copy = Copy();
        Assert.ThrowsExactly<CheckpointException>(() => CheckpointContents.Require(copy, needsTokenizer: true));
        File.WriteAllText(Path.Combine(copy, "tokenizer.json"), "{}");
        CheckpointContents.Require(copy, needsTokenizer: true);
    }

    [TestMethod]
    public void AllMissingShardsAreNamed()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"), shards: 3);
        File.Delete(Path.Combine(copy, "model-00001-of-00003.safetensors"));
        File.Delete(Path.Combine(copy, "model-00003-of-00003.safetensors"));
        Says(copy, copy, "model-00001-of-00003.safetensors, model-00003-of-00003.safetensors");
    }

    [TestMethod]
    public void AModelsNameOnTheHubIsNoFolder()
    {
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() =>
            VisionLanguageModel.Load("llava-hf/llava-1.5-7b-hf")
        );
        StringAssert.Contains(exception.Message, "grounding model get llava-hf/llava-1.5-7b-hf", StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, HubCacheFolder.Path, StringComparison.Ordinal);
    }

    [TestMethod]
    public void AFileIsNoFolder() => Says(Path.Combine(TinyA, "config.json"), Path.Combine(TinyA, "config.json"), "is a file");

    [TestMethod]
    public void AModelsFolderOfTheCacheNamesItsSnapshot()
    {
        string snapshot = Directory.CreateDirectory(Path.Combine(_folder.Path, "models--a--b", "snapshots", "0123")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder.Path, "models--a--b", "snapshots", "0000"));
        _folder.Write("models--a--b/refs/main", "0123");
        string folder = Path.Combine(_folder.Path, "models--a--b");
        Says(folder, folder, snapshot);
        Assert.AreEqual(snapshot, HubCacheFolder.Snapshots(_folder.Path, "a/b")[0]);
    }

    [TestMethod]
    [DataRow("", "/home/u/.cache/huggingface/hub")]
    [DataRow("XDG_CACHE_HOME=/x", "/x/huggingface/hub")]
    [DataRow("XDG_CACHE_HOME=/x HF_HOME=/y", "/y/hub")]
    [DataRow("HF_HOME=~/y", "/home/u/y/hub")]
    [DataRow("HF_HOME=/y HUGGINGFACE_HUB_CACHE=/old", "/old")]
    [DataRow("HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=$SCRATCH/hub SCRATCH=/s", "/s/hub")]
    [DataRow("HF_HUB_CACHE=${SCRATCH}/$NONE SCRATCH=/s", "/s/$NONE")]
    public void TheCacheFolderFollowsTheEnvironment(string variables, string expected)
    {
        var environment = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Split('='))
            .ToDictionary(item => item[0], item => item[1]);
        Assert.AreEqual(expected, HubCacheFolder.Find(environment.GetValueOrDefault, "/home/u"));
    }

    [TestMethod]
    [DataRow("org/name", true)]
    [DataRow("Qwen/Qwen2.5-VL-3B-Instruct", true)]
    [DataRow("./name", false)]
    [DataRow("../name", false)]
    [DataRow("a/b/c", false)]
    [DataRow("name", false)]
    [DataRow("/name", false)]
    [DataRow("a/b c", false)]
    public void NamesOnTheHubHaveAnOrganization(string text, bool expected) => Assert.AreEqual(expected, HubCacheFolder.IsModelName(text));

    private static CheckpointException Says(string folder, string file, params string[] parts)
    {
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(folder).Dispose());
        Assert.AreEqual(file, exception.FilePath);
        foreach (string part in parts)
        {
            StringAssert.Contains(exception.Message, part, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }

    private string Copy(Func<string, string>? configure = null)
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        if (configure is not null)
        {
            string path = Path.Combine(copy, "config.json");
            string text = File.ReadAllText(path);
            string changed = configure(text);
            Assert.AreNotEqual(text, changed);
            File.WriteAllText(path, changed);
        }

        return copy;
    }
}
