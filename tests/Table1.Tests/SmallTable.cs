using MLNetGrounding;
using MLNetGrounding.Testing;

namespace Table1;

/// <summary>
/// Twelve small sample birds, half of them for training, and a tiny random model in a folder of their own, and runs of the table on them.
/// </summary>
internal sealed class SmallTable : IDisposable
{
    public const int TestImages = 6;

    private readonly TemporaryFolder _folder = new();

    public SmallTable(int layers = 2)
    {
        SampleBirds.Write(
            Cub,
            new SampleBirdsOptions
            {
                Count = 2 * TestImages,
                MinimumSize = 64,
                MaximumSize = 96,
                Coloring = SampleColoring.Independent,
            }
        );
        RandomLlava.Write(Model, seed: 7, layers, heads: 4, grid: 6);
    }

    public string Cub => Path.Combine(_folder.Path, "birds");

    public string Model => Path.Combine(_folder.Path, "model");

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>A folder for a run's files.</summary>
    public string Out(string name = "out") => Path.Combine(_folder.Path, name);

    public string Read(string file, string name = "out") => File.ReadAllText(Path.Combine(Out(name), file));

    public MethodEvaluation Table(string name = "out") => MethodEvaluation.FromJson(Read("table.json", name));

    /// <summary>The arguments, with this folder's model, data and output folder where they do not name others.</summary>
    public string[] Arguments(params string[] arguments)
    {
        (string Name, string Value)[] defaults =
        [
            ("--model", Model),
            .. HasOtherData(arguments) ? ((string, string)[])[] : [("--cub", Cub)],
            ("--out", Out()),
            ("--methods", "Paper,AllHeadsMean"),
        ];
        return
        [
            .. arguments,
            .. defaults.Where(option => !arguments.Contains(option.Name)).SelectMany(option => (string[])[option.Name, option.Value]),
        ];
    }

    private static bool HasOtherData(string[] arguments) =>
        arguments.Contains("--coco") || arguments.Contains("--points") || arguments is [not ['-', ..], ..];

    public async Task<int> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await Table1Command.RunAsync(Arguments(arguments), output, error);
        (Output, Error) = (output.ToString(), error.ToString());
        return exitCode;
    }

    public void Dispose() => _folder.Dispose();
}
