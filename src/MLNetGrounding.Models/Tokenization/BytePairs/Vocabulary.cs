using System.Diagnostics.CodeAnalysis;

namespace MLNetGrounding.Models.Tokenization.BytePairs;

/// <summary>Ids of texts and texts of ids; texts are compared ordinally.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _texts;

    /// <param name="ids">The ids, by texts that are compared ordinally; kept, not copied.</param>
    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        _texts = new Dictionary<int, string>(ids.Count);
        foreach ((string text, int id) in ids)
        {
            _texts[id] = text;
        }
    }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>The largest id, or -1 without any.</summary>
    public int LargestId => _texts.Count == 0 ? -1 : _texts.Keys.Max();

    public int? IdOf(string text) => _ids.TryGetValue(text, out int id) ? id : null;

    public bool TryGetText(int id, [NotNullWhen(true)] out string? text) => _texts.TryGetValue(id, out text);
}
