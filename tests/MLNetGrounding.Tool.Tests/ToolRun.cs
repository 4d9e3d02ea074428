using MLNetGrounding.Testing;

namespace MLNetGrounding.Tool;

/// <summary>A folder with some photos, which show drawn birds, a tiny random model, and runs of the command line on them.</summary>
internal sealed class ToolRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ToolRun()
    {
        string birds = Path.Combine(_folder.Path, "birds");
        SampleBirds.Write(
            birds,
            new SampleBirdsOptions
            {
                Count = 3,
                MinimumSize = 64,
                MaximumSize = 96,
            }
        );
        Directory.CreateDirectory(Photos);
        Directory.CreateDirectory(Path.Combine(Photos, "more"));
        string[] drawn =
        [
            .. Directory.EnumerateFiles(Path.Combine(birds, "images"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        ];
        File.Copy(drawn[0], Path.Combine(Photos, "a.png"));
        File.Copy(drawn[1], Path.Combine(Photos, "b.png"));
        File.Copy(drawn[2], Path.Combine(Photos, "more", "c.png"));
    }

    public string Photos => Path.Combine(_folder.Path, "photos");

    public string Out => Path.Combine(_folder.Path, "out");

    public string Folder => _folder.Path;

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string Read(string file) => File.ReadAllText(Path.Combine(Out, file));

    /// <summary>Runs the command line and returns its exit code.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await GroundingTool.RunAsync(arguments, output, error);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    /// <summary>Runs it, which must succeed.</summary>
    public async Task MustRunAsync(params string[] arguments) => Assert.AreEqual(0, await RunAsync(arguments), Error);

    public void Dispose() => _folder.Dispose();
}
