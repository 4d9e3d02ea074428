using MLNetGrounding;

namespace Table1;

/// <summary>What the model is asked, and what that is scored on.</summary>
/// <param name="Words">The words.</param>
/// <param name="Object">What they are parts of, or null.</param>
/// <param name="KeyPointTable">The points that the command line states for words; for others the data says them.</param>
internal sealed record Table1Question(
    IReadOnlyList<string> Words,
    string? Object,
    IReadOnlyDictionary<string, IReadOnlyList<int>> KeyPointTable
)
{
    /// <summary>The question of a command line about rows.</summary>
    /// <exception cref="CommandException">There is nothing to ask about.</exception>
    public static Table1Question Of(Table1Settings settings, Table1Rows rows, VisionLanguageModel model)
    {
        IReadOnlyList<string> words = settings.Words?.Words ?? rows.Words;
        if (words.Count == 0)
        {
            throw new CommandException("The data names no words. Name them with --words.");
        }

        // What CUB's images and the sample birds show is known; of others the model's own word, or what the user names.
        bool areBirds = settings.Data.IsSample || settings.Data.Cub is not null;
        return new Table1Question(
            words,
            areBirds ? settings.Model.ObjectFor(model) : settings.Model.Object ?? model.Profile.Object,
            settings.Words?.TableFor(rows.KeyPoints) ?? new Dictionary<string, IReadOnlyList<int>>()
        );
    }

    /// <summary>The points that count for a word, as the scores take them.</summary>
    public IReadOnlyList<int> PointsOf(string word, KeyPointDescription description) =>
        KeyPointTable.TryGetValue(word, out IReadOnlyList<int>? points) || description.KeyPointTable.TryGetValue(word, out points)
            ? points
            : [.. Enumerable.Range(0, description.Names.Count).Where(point => description.Names[point] == word)];
}
