using System.Globalization;

namespace MLNetGrounding.Fuzz;

/// <summary>
/// Valid inputs of every reader, changed in many ways: each ends in an answer or in the exception that the reader promises, in bounded time
/// and memory.
/// </summary>
/// <remarks>
/// The environment variable <c>FUZZ_INPUTS</c> says how many inputs there are for all readers together (default 20,000), <c>FUZZ_SEED</c>
/// which ones (default 1), <c>FUZZ_REPORT</c> names a file that takes a line of counts for each reader, and <c>FUZZ_KEEP</c> a folder that
/// takes the files of an input that failed.
/// </remarks>
[TestClass]
public sealed class ReaderFuzzTests
{
    private const int DefaultInputs = 20_000;
    private const int Shares = 100;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("safetensors", 20)]
    [DataRow("settings", 25)]
    [DataRow("tokenizer", 10)]
    [DataRow("cub", 15)]
    [DataRow("scores", 15)]
    [DataRow("images", 10)]
    [DataRow("models", 5)]
    public void EveryInputEndsInAnAnswerOrATypedException(string reader, int share)
    {
        int inputs = (int)Math.Max(1, Setting("FUZZ_INPUTS", DefaultInputs) * share / Shares);
        using FuzzTarget target = reader switch
        {
            "safetensors" => new SafetensorsTarget(),
            "settings" => new SettingsTarget(),
            "tokenizer" => new TokenizerTarget(),
            "cub" => new CubTarget(),
            "scores" => new ScoresTarget(),
            "images" => new ImageTarget(),
            _ => new ModelTarget(),
        };
        using var run = new FuzzRun(target);
        try
        {
            run.Run(inputs, (ulong)Setting("FUZZ_SEED", 1));
        }
        finally
        {
            Report(reader, run);
        }

        Assert.IsGreaterThan(
            inputs / 200,
            run.Answers.GetValueOrDefault("accepted"),
            "changes that leave an input valid were expected too"
        );
        Assert.IsGreaterThan(
            inputs / 20,
            run.Inputs - run.Answers.GetValueOrDefault("accepted"),
            "changes that break an input were expected too"
        );
    }

    private void Report(string reader, FuzzRun run)
    {
        string counts = string.Join(", ", run.Answers.Select(answer => $"{answer.Key} {answer.Value}"));
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{reader}: {run.Inputs} inputs: {counts}; {run.Total.TotalSeconds:0.0} s, slowest {run.Slowest.TotalMilliseconds:0} ms, most memory {run.MostAllocated >> 20} MiB"
        );
        TestContext.WriteLine(line);
        if (Environment.GetEnvironmentVariable("FUZZ_REPORT") is { Length: > 0 } file)
        {
            File.AppendAllText(file, line + "\n");
        }
    }

    private static long Setting(string variable, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out long value) ? value : otherwise;
}
