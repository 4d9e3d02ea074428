using System.Text.Json;

namespace MLNetGrounding.Testing;

/// <summary>
/// A tiny LLaVA checkpoint with what Hugging Face's code computes on it (<c>expected/</c>) and what a plain float64 statement of the
/// method makes of that (<c>method/</c>).
/// </summary>
public sealed class GoldenData
{
    private GoldenData(string goldenDirectory, string name)
    {
        Root = goldenDirectory;
        Directory = Path.Combine(goldenDirectory, name);
        Prompt = ReadPrompt(Path.Combine(Directory, "prompt.json"));
    }

    /// <summary>4 x 4 cells, 4 layers of 4 heads: committed, always there.</summary>
    public static GoldenData TinyA => new(TestData.Fixture("golden"), "tiny-a");

    /// <summary>The weights of <see cref="TinyA"/> rounded to half precision; inconclusive without GROUNDING_DATA.</summary>
    public static GoldenData TinyAHalf => new(TestData.Require("golden"), "tiny-a-fp16");

    /// <summary>24 x 24 cells, 8 layers of 8 heads; inconclusive without GROUNDING_DATA.</summary>
    public static GoldenData TinyC => new(TestData.Require("golden"), "tiny-c");

    /// <summary>The folder that holds <c>images/</c> and the checkpoints' folders.</summary>
    public string Root { get; }

    public string Directory { get; }

    /// <summary>The checkpoint folder, laid out as on the Hugging Face hub.</summary>
    public string Checkpoint => Path.Combine(Directory, "checkpoint");

    public GoldenPrompt Prompt { get; }

    /// <summary>Names of the cases that have expected values, such as <c>img0_crop</c>.</summary>
    public IReadOnlyList<string> Cases => Names("expected");

    /// <summary>Names of the cases that also have the method's values.</summary>
    public IReadOnlyList<string> MethodCases => Names("method");

    /// <summary>The input picture of a case: <c>img0_crop</c> and <c>img0_pad</c> share <c>img0.png</c>.</summary>
    public string Image(string caseName) => Path.Combine(Root, "images", caseName.Split('_')[0] + ".png");

    public bool HasExpected(string caseName, string array) => File.Exists(ArrayPath("expected", caseName, array));

    /// <summary>An array of Hugging Face's code, by name without extension, such as <c>pixel_values</c>.</summary>
    public NpyFile Expected(string caseName, string array) => NpyFile.Read(ArrayPath("expected", caseName, array));

    public bool HasMethod(string caseName, string array) => File.Exists(ArrayPath("method", caseName, array));

    /// <summary>An array of the method's plain statement, by name without extension, such as <c>fine_final</c>.</summary>
    public NpyFile Method(string caseName, string array) => NpyFile.Read(ArrayPath("method", caseName, array));

    /// <summary>Scores of the method's plain statement and how close its decisions are to their thresholds.</summary>
    public JsonElement Summary(string caseName)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Directory, "method", caseName, "summary.json")));
        return document.RootElement.Clone();
    }

    private string ArrayPath(string kind, string caseName, string array) => Path.Combine(Directory, kind, caseName, array + ".npy");

    private string[] Names(string kind)
    {
        string directory = Path.Combine(Directory, kind);
        return System.IO.Directory.Exists(directory)
            ? [.. System.IO.Directory.GetDirectories(directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
            : [];
    }

    private static GoldenPrompt ReadPrompt(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement prompt = document.RootElement.GetProperty("prompt");
        int Number(string name) => prompt.GetProperty(name).GetInt32();
        int[] Numbers(string name) => Integers(prompt.GetProperty(name));
        return new GoldenPrompt(
            Number("image_token_index"),
            Number("n_image_tokens"),
            Numbers("prefix"),
            Number("image_start"),
            Number("image_end"),
            [.. prompt.GetProperty("suffixes").EnumerateArray().Select(Integers)],
            Numbers("target_in_suffix"),
            Numbers("target_pos"),
            Number("coarse_query"),
            Numbers("fine_queries")
        );
    }

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];
}
