using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Golden.Tokenization;

/// <summary>
/// One file of golden2/tokenizers: texts with ids, tokens and offsets, ids with their text, and ids with what streaming gives.
/// </summary>
internal sealed class GoldenTokenizer
{
    private readonly JsonElement _root;

    public GoldenTokenizer(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFolders.Require("tokenizers", name + ".json")));
        _root = document.RootElement.Clone();
        Name = name;
    }

    public string Name { get; }

    public TextTokenizer Open()
    {
        string path = GoldenFolders.Resolve(_root.GetProperty("tokenizer").GetString()!);
        return path.EndsWith(".json", StringComparison.Ordinal) ? PipelineFile.Read(path) : SentencePieceFile.Read(path);
    }

    /// <summary>The entries of a list; none where the file has no such list.</summary>
    public IReadOnlyList<JsonElement> List(string name) =>
        _root.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray()] : [];
}
