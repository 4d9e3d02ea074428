using System.Globalization;

namespace TrainSampleLlava;

/// <summary>The loss of every step as comma-separated values.</summary>
internal sealed class LossLog : IDisposable
{
    private const string Header = "step,loss";

    private readonly StreamWriter _writer;

    /// <summary>
    /// Opens the log for a run that has taken <paramref name="steps"/> steps; what an interrupted run logged beyond is cut off.
    /// </summary>
    public LossLog(string path, long steps)
    {
        string[] kept = steps > 0 && File.Exists(path) ? [.. File.ReadLines(path).Take((int)steps + 1)] : [Header];
        _writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (string line in kept)
        {
            _writer.WriteLine(line);
        }
    }

    public void Add(long step, double loss) => _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step},{(float)loss:G9}"));

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();

    public static IReadOnlyList<float> Read(string path) =>
        [
            .. File.ReadLines(path)
                .Skip(1)
                .Select(line => float.Parse(line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture)),
        ];
}
