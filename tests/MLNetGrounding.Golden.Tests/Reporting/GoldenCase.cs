using System.Globalization;

namespace MLNetGrounding.Golden.Reporting;

/// <summary>Compares what one case gives with what it should, reports each array and then fails for those beyond their limit.</summary>
/// <param name="folder">The folder below golden2, such as <c>tokenizers/qwen3</c>.</param>
/// <param name="name">The case.</param>
internal sealed class GoldenCase(string folder, string name)
{
    private const string LoadArray = "load";

    private readonly List<string> _lines = [];
    private readonly List<string> _failures = [];

    /// <summary>Runs what opens a case; where it fails, that is reported and the test fails.</summary>
    public T Load<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is not AssertInconclusiveException)
        {
            Add(LoadArray, double.PositiveInfinity, 0, exception.ToString());
            Complete();
            throw;
        }
    }

    /// <summary>Runs comparisons; where one of them breaks off, what was compared so far is reported with it.</summary>
    public void Run(Action compare)
    {
        try
        {
            compare();
        }
        catch (Exception exception) when (exception is not (AssertInconclusiveException or AssertFailedException))
        {
            Add(LoadArray, double.PositiveInfinity, 0, exception.ToString());
            Complete();
        }
    }

    /// <summary>Counts the items that differ.</summary>
    public void Equal<T>(string array, IReadOnlyList<T> expected, IReadOnlyList<T> actual)
    {
        int[] different =
        [
            .. Enumerable
                .Range(0, Math.Max(expected.Count, actual.Count))
                .Where(index =>
                    index >= expected.Count || index >= actual.Count || !EqualityComparer<T>.Default.Equals(expected[index], actual[index])
                ),
        ];
        Count(
            array,
            different.Length,
            different.Length == 0 ? "" : $"item {different[0]}: expected {Item(expected, different[0])}, found {Item(actual, different[0])}"
        );
    }

    /// <summary>Reports how many items differ, which must be none.</summary>
    public void Count(string array, int different, string example) => Add(array, different, 0, example);

    /// <summary>Compares numbers; another count of them, or one that is not finite, differs without end.</summary>
    public void Close(string array, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double limit)
    {
        double largest = expected.Length == actual.Length ? 0 : double.PositiveInfinity;
        int at = 0;
        for (int index = 0; index < Math.Min(expected.Length, actual.Length); index++)
        {
            double difference = Math.Abs((double)expected[index] - actual[index]);
            difference = double.IsNaN(difference) ? double.PositiveInfinity : difference;
            (largest, at) = difference > largest ? (difference, index) : (largest, at);
        }

        Add(
            array,
            largest,
            limit,
            expected.Length == actual.Length ? $"largest at {at}" : $"{expected.Length} numbers were expected, found {actual.Length}"
        );
    }

    /// <summary>Writes the report's lines and fails where something lies beyond its limit.</summary>
    public void Complete()
    {
        GoldenReport.Append(_lines);
        _lines.Clear();
        Assert.IsEmpty(_failures, string.Join(Environment.NewLine, _failures));
    }

    private static string Item<T>(IReadOnlyList<T> items, int index) => index < items.Count ? $"{items[index]}" : "nothing";

    private void Add(string array, double difference, double limit, string detail)
    {
        string shown = double.IsPositiveInfinity(difference) ? "inf" : difference.ToString("R", CultureInfo.InvariantCulture);
        string line = string.Create(CultureInfo.InvariantCulture, $"{folder},{name},{array},{shown},{limit:R}");
        _lines.Add(line);
        if (!(difference <= limit))
        {
            _failures.Add($"{line}: {detail}");
        }
    }
}
