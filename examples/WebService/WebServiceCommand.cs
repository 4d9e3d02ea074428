using System.CommandLine;
using System.CommandLine.Parsing;

namespace WebService;

/// <summary>The command line: its options and its help.</summary>
internal sealed class WebServiceCommand
{
    private const string Description = """
        Serves a page, and an API behind it, that show where a vision-language model looks in uploaded images when it is asked about words.

        Without options it serves the sample model, which knows drawn images only.

        Examples:
          dotnet run -c Release --project examples/WebService
          dotnet run -c Release --project examples/WebService -- --model org/name --words wheel,door --object car
          dotnet run -c Release --project examples/WebService -- --pipeline species.zip

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private static readonly WebServiceSettings Defaults = new();

    private readonly ModelOptions _model = new();

    private readonly Option<string> _words = Place(
        "--words",
        "list",
        "The words that the model is asked about, separated by commas; the page lets its user choose among them.",
        string.Join(',', Defaults.Words)
    );

    private readonly Option<string> _pipeline = Place(
        "--pipeline",
        "file",
        "A pipeline that was saved with SaveGrounding, instead of a model and words; what it predicts is shown too."
    );

    private readonly Option<double> _threshold = Share(
        "--threshold",
        "Regions are where maps, scaled to 0..1, are at least this.",
        Defaults.Threshold
    );

    private readonly Option<int> _engines = Count(
        "--engines",
        "How many images are grounded at once.",
        Defaults.Engines,
        least: 1,
        most: 64
    );

    private readonly Option<int> _megabytes = Count(
        "--max-upload",
        "The largest image file.",
        (int)(Defaults.MaximumBytes / 1_000_000),
        least: 1,
        most: 1000,
        "megabytes"
    );

    private readonly Option<string> _url = Place("--url", "address", "Where the service listens.", Defaults.Url);

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        WebServiceCommand options = new();
        ExampleCommand command = new("WebService", output, error);
        RootCommand root = Root(
            Description,
            options.RejectContradictions,
            [
                options._model.Name,
                options._words,
                .. options._model.Runtime,
                options._pipeline,
                options._threshold,
                options._engines,
                options._megabytes,
                options._url,
            ]
        );
        command.SetJob(root, (result, token) => Serve(options.Read(result), output, token), "Stopped.");
        return command.RunAsync(root, arguments, cancellationToken);
    }

    private static int Serve(WebServiceSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        using WebApplication app = WebServiceApp.Build(settings);
        app.Start();
        output.WriteLine($"Open {string.Join(", ", app.Urls)} in a browser; Ctrl-C ends the service.");
        app.WaitForShutdownAsync(cancellationToken).GetAwaiter().GetResult();
        cancellationToken.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    private void RejectContradictions(CommandResult result)
    {
        _model.RejectContradictions(result);
        if (result.IsGiven(_pipeline) && (result.IsGiven(_model.Name) || result.IsGiven(_words)))
        {
            result.AddError("--pipeline has its own model and words. Give either.");
        }

        if (WordsOf(result.GetValue(_words)).Length == 0)
        {
            result.AddError("--words has no word.");
        }
    }

    private WebServiceSettings Read(ParseResult result) =>
        new()
        {
            Model = _model.Read(result),
            Words = WordsOf(result.GetRequiredValue(_words)),
            Pipeline = result.GetValue(_pipeline),
            Threshold = result.GetValue(_threshold),
            Engines = result.GetValue(_engines),
            MaximumBytes = result.GetValue(_megabytes) * 1_000_000L,
            Url = result.GetRequiredValue(_url),
        };
}
