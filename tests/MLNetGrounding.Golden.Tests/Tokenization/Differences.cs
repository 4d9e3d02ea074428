using System.Text.Json;

namespace MLNetGrounding.Golden.Tokenization;

/// <summary>Counts the entries of a list that differ, and keeps the first as an example.</summary>
internal sealed class Differences
{
    public int Count { get; private set; }

    public string Example { get; private set; } = "";

    /// <param name="label">What is compared, for the example.</param>
    /// <param name="expected">What it should give.</param>
    /// <param name="actual">What it gives.</param>
    public void Compare<T>(string label, IReadOnlyList<T> expected, IReadOnlyList<T> actual)
    {
        if (expected.SequenceEqual(actual))
        {
            return;
        }

        int at = Enumerable
            .Range(0, Math.Max(expected.Count, actual.Count))
            .First(index =>
                index >= expected.Count || index >= actual.Count || !EqualityComparer<T>.Default.Equals(expected[index], actual[index])
            );
        Example =
            Count > 0
                ? Example
                : $"{Shown(label)} at {at}: expected {Shown(expected.ElementAtOrDefault(at))}, found {Shown(actual.ElementAtOrDefault(at))}";
        Count++;
    }

    private static string Shown<T>(T value) =>
        value is string text ? JsonSerializer.Serialize(text.Length > 200 ? text[..200] : text) : $"{value}";
}
