using Microsoft.ML.Data;
using MLNetGrounding.Testing.Hub;

namespace MLNetGrounding.Tool;

[TestClass]
public sealed class ModelTests
{
    private static readonly string[] Variables =
    [
        "HF_ENDPOINT",
        "HF_HUB_CACHE",
        "HF_TOKEN",
        "HF_HUB_OFFLINE",
        "TRANSFORMERS_OFFLINE",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN",
        "HF_TOKEN_PATH",
        "GROUNDING_MODEL",
    ];

    private readonly Dictionary<string, string?> _before = [];

    [TestInitialize]
    public void Keep()
    {
        foreach (string name in Variables)
        {
            _before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [TestCleanup]
    public void Restore()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [TestMethod]
    public async Task AModelIsDescribed()
    {
        using ToolRun run = new();
        await run.MustRunAsync("model", "sample");
        foreach (
            string line in (string[])
                [
                    "family     llava",
                    "layers     4",
                    "heads      6 a layer",
                    "grid       12 x 12 cells",
                    "from       grounding.json",
                    "weights    794,208 in 1 file",
                    "memory     3.2 MB",
                ]
        )
        {
            Assert.Contains(line, run.Output);
        }
    }

    [TestMethod]
    public async Task WhatIsMissingIsNamed()
    {
        using ToolRun run = new();
        string model = RandomLlava.Write(Path.Combine(run.Folder, "model"), seed: 3, layers: 2, heads: 4, grid: 6);
        File.Delete(Path.Combine(model, "model.safetensors"));
        Assert.AreEqual(1, await run.RunAsync("model", model));
        Assert.Contains("layers     2", run.Output);
        Assert.Contains("PROBLEM", run.Output);
        Assert.Contains("model.safetensors", run.Output);
    }

    [TestMethod]
    public async Task ACheckShowsThePromptTokenByToken()
    {
        using ToolRun run = new();
        await run.MustRunAsync("model", "sample", "--check", Path.Combine(run.Photos, "a.png"), "--words", "beak");
        Assert.Contains("<image>|[▁beak]|▁ASSISTANT:", run.Output);
        Assert.Contains("s to open", run.Output);
        Assert.Contains("at most", run.Output);
    }

    [TestMethod]
    public async Task AQuestionIsAnsweredAsTheLibraryAnswersIt()
    {
        using ToolRun run = new();
        string path = Path.Combine(run.Photos, "a.png");
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        using MLImage image = ImageFile.Load(path);
        PreparedPrompt prompt = model.Prepare([
            new AttentionQuery
            {
                Name = "q",
                Question = "beak",
                Role = QueryRole.Neutral,
            },
        ]);
        string expected = model.Answer(ImageFile.ToRgb(image), prompt, new AnswerOptions { MaximumTokens = 6 }).Answers[0].Text;
        await run.MustRunAsync("ask", path, "beak", "--tokens", "6", "--out", run.Out);
        Assert.AreEqual(expected, run.Output.TrimEnd('\n', '\r'));
        Assert.HasCount(AnswerWord.Join([expected]).Count, Directory.GetFiles(run.Out, "01-*.png"));
        Assert.IsTrue(File.Exists(Path.Combine(run.Out, "words.png")));
        string page = Path.Combine(run.Folder, "page.html");
        await run.MustRunAsync("ask", path, "beak", "--tokens", "6", "--html", page, "--show");
        StringAssert.StartsWith(run.Output, expected);
        Assert.Contains("@@", run.Output, "a map of signs, since the output goes to no terminal");
        Assert.Contains("id=\"answers-data\"", File.ReadAllText(page));
        await run.MustRunAsync("ask", path, "beak", "wing", "--tokens", "6");
        Assert.Contains($"beak {expected.Trim()}", run.Output);
        Assert.Contains("wing ", run.Output);
        Assert.AreEqual(2, await run.RunAsync("ask", path, "beak", "beak"));
    }

    [TestMethod]
    public async Task AModelThatWasFetchedIsUsedByItsName()
    {
        using ToolRun run = new();
        using HubServer hub = new(Sample());
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Address);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.Combine(run.Folder, "cache"));
        string[] ground = [Path.Combine(run.Photos, "a.png"), "--words", "beak", "--model", "demo-lab/tiny", "--out", run.Out];
        Assert.AreEqual(1, await run.RunAsync(ground));
        Assert.Contains("grounding model get demo-lab/tiny", run.Error);
        Assert.IsEmpty(hub.Requests, "Nothing is downloaded unasked.");

        await run.MustRunAsync("model", "get", "demo-lab/tiny", "--dry-run");
        Assert.Contains("missing", run.Output);
        Assert.IsFalse(Directory.Exists(Path.Combine(run.Folder, "cache")));
        await run.MustRunAsync("model", "get", "demo-lab/tiny");
        Assert.Contains("license apache-2.0", run.Error);
        Assert.Contains("(100.0 %)", run.Error);
        string folder = run.Output.Trim();
        Assert.IsTrue(File.Exists(Path.Combine(folder, "model.safetensors")));

        hub.Dispose();
        await run.MustRunAsync(ground);
        Environment.SetEnvironmentVariable("GROUNDING_MODEL", "demo-lab/tiny");
        await run.MustRunAsync(Path.Combine(run.Photos, "a.png"), "--words", "beak", "--out", run.Out);
        Assert.Contains("demo-lab/tiny", run.Error);
        await run.MustRunAsync("model", "demo-lab/tiny");
        Assert.Contains(folder, run.Output);
    }

    [TestMethod]
    public async Task AModelOfAnotherTypeIsFetchedOnlyWhenInsistedOn()
    {
        using ToolRun run = new();
        HubRepository sample = Sample();
        using HubServer hub = new(
            new HubRepository
            {
                Id = sample.Id,
                Commits = sample.Commits,
                ModelType = "gpt2",
            }
        );
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Address);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.Combine(run.Folder, "cache"));
        Assert.AreEqual(1, await run.RunAsync("model", "get", "demo-lab/tiny"));
        Assert.Contains("gpt2", run.Error);
        await run.MustRunAsync("model", "get", "demo-lab/tiny", "--any");
    }

    [TestMethod]
    public async Task WhatTheHubRefusesIsOneLine()
    {
        using ToolRun run = new();
        using HubServer hub = new(Sample(), new HubRules { Gated = true });
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Address);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.Combine(run.Folder, "cache"));
        Environment.SetEnvironmentVariable("HF_TOKEN", "hf_secret");
        Assert.AreEqual(1, await run.RunAsync("model", "get", "demo-lab/tiny"));
        Assert.Contains("is gated", run.Error);
        Assert.DoesNotContain("hf_secret", run.Error);
        Assert.AreEqual(1, await run.RunAsync("model", "get", "demo-lab/nope"));
        Assert.Contains("no model demo-lab/nope", run.Error);
        Assert.AreEqual(1, await run.RunAsync("model", "get", "no name"));
        Assert.Contains("ORGANIZATION/NAME", run.Error);
    }

    /// <summary>The sample model as a repository of the hub.</summary>
    private static HubRepository Sample() =>
        HubRepository.Of([
            .. Directory
                .EnumerateFiles(SampleLlava.Directory)
                .Select(path => new HubRepositoryFile(
                    Path.GetFileName(path),
                    File.ReadAllBytes(path),
                    isLarge: path.EndsWith(".safetensors", StringComparison.Ordinal)
                )),
        ]);
}
