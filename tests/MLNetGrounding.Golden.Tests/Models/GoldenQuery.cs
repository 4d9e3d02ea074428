using System.Text.Json;

namespace MLNetGrounding.Golden.Models;

/// <summary>One question of a case.</summary>
internal sealed class GoldenQuery(JsonElement query)
{
    public string Word => query.GetProperty("word").GetString()!;

    public string Question => query.GetProperty("question").GetString()!;

    /// <summary>All tokens of the prompt, the image's included.</summary>
    public IReadOnlyList<int> InputIds => [.. query.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>Positions of the word's tokens.</summary>
    public IReadOnlyList<int> WordPositions =>
        [.. query.GetProperty("word_positions").EnumerateArray().Select(position => position.GetInt32())];

    /// <summary>Runs of image tokens, the end of each not included.</summary>
    public IReadOnlyList<(int Start, int End)> ImagePositions =>
        [.. query.GetProperty("image_positions").EnumerateArray().Select(run => (run[0].GetInt32(), run[1].GetInt32()))];

    /// <summary>The first token after the last image token.</summary>
    public int SuffixStart => query.GetProperty("suffix_start").GetInt32();
}
