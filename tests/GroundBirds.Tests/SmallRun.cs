using MLNetGrounding;
using MLNetGrounding.Testing;

namespace GroundBirds;

/// <summary>Five small sample birds and a tiny random model in a folder of their own, and runs of the job on them.</summary>
internal sealed class SmallRun : IDisposable
{
    public const int Images = 5;

    private readonly TemporaryFolder _folder = new();

    public SmallRun()
    {
        SampleBirds.Write(
            Cub,
            new SampleBirdsOptions
            {
                Count = Images,
                MinimumSize = 64,
                MaximumSize = 96,
            }
        );
        RandomLlava.Write(Model, seed: 7, layers: 2, heads: 4, grid: 6);
    }

    public string Cub => Path.Combine(_folder.Path, "birds");

    public string Model => Path.Combine(_folder.Path, "model");

    public string Out => Path.Combine(_folder.Path, "out");

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>The images in the order of the data.</summary>
    public IReadOnlyList<string> ImagePaths =>
        [.. File.ReadLines(Path.Combine(Cub, "images.txt")).Select(line => Path.Combine(Cub, "images", line.Split(' ')[1]))];

    /// <summary>The scores as fields, without the heading.</summary>
    public IReadOnlyList<string[]> Scores => [.. File.ReadLines(Path.Combine(Out, "scores.csv")).Skip(1).Select(line => line.Split(','))];

    public void Corrupt(int image) => File.WriteAllText(ImagePaths[image], "not an image");

    /// <summary>Runs with this folder's model, data and output folder, where the arguments do not name others.</summary>
    public Task<int> RunAsync(params string[] arguments) => RunAsync(new StringWriter(), CancellationToken.None, arguments);

    /// <summary>The same on birds that the run draws itself.</summary>
    public Task<int> RunOnDrawnBirdsAsync(params string[] arguments) =>
        RunAsync(new StringWriter(), [("--model", Model), ("--out", Out)], arguments, CancellationToken.None);

    public Task<int> RunAsync(StringWriter error, CancellationToken cancellationToken, params string[] arguments) =>
        RunAsync(error, [("--model", Model), ("--cub", Cub), ("--out", Out)], arguments, cancellationToken);

    private async Task<int> RunAsync(
        StringWriter error,
        (string Name, string Value)[] defaults,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        using var output = new StringWriter();
        string[] all =
        [
            .. arguments,
            .. defaults.Where(option => !arguments.Contains(option.Name)).SelectMany(option => (string[])[option.Name, option.Value]),
        ];
        int exitCode = await GroundBirdsCommand.RunAsync(all, output, error, cancellationToken);
        Output = output.ToString();
        Error = error.ToString();
        return exitCode;
    }

    public void Dispose() => _folder.Dispose();
}
