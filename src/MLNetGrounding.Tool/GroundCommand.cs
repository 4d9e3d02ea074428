using System.CommandLine;
using System.CommandLine.Parsing;

namespace MLNetGrounding.Tool;

/// <summary>The options of <c>grounding</c> itself.</summary>
internal sealed class GroundCommand
{
    private readonly Argument<string[]> _images = new("images")
    {
        Description = "Images: files, folders, patterns such as \"photos/**/*.jpg\", CSV files with a column of paths.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _words = new("--words")
    {
        Description = $"The words to ask about, {AskedWords.Form}. [default: those that the data has points for]",
        HelpName = "words",
    };

    private readonly Option<string> _cub = Place(
        "--cub",
        "folder",
        "Annotated images in place of others: a CUB_200_2011 folder, or the one that it was unpacked in."
    );

    private readonly AnnotationOptions _annotations = new();

    private readonly Option<string> _object = Place(
        "--object",
        "word",
        "What the words are parts of, such as car for wheel and door. The paper's method needs it."
    );

    private readonly ModelOptions _model = new();

    private readonly Option<string> _method = new("--method")
    {
        Description = $"One of {string.Join(", ", Methods)}. [default: Paper with --object, else AllHeadsMean]",
        HelpName = "name",
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<string>() is { } name && !Methods.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    result.AddError($"--method must be one of {string.Join(", ", Methods)}, not '{name}'.");
                }
            },
        },
    };

    private readonly Option<double> _threshold = Share(
        "--threshold",
        "The region is where the map, scaled from 0 to 1, is at least this.",
        0.05
    );

    private readonly Option<int?> _limit = new("--limit")
    {
        CustomParser = result => WholeNumber(1)(result),
        Description = "The largest number of images. [default: all]",
        HelpName = "images",
    };

    private readonly Option<string> _out = Place(
        "--out",
        "folder",
        "The folder to write to; what an earlier run wrote there is replaced.",
        "grounding"
    );

    private readonly Option<int> _overlays = Count(
        "--overlays",
        "How many images get overlays, from the first on.",
        100,
        least: 0,
        unit: "images"
    );

    private readonly Option<string> _report = Place(
        "--report",
        "file",
        "An HTML file to write at the end; 'grounding report' makes it later too."
    );

    /// <summary>The methods that need no training images.</summary>
    private static IEnumerable<string> Methods =>
        GroundingMethods.All.Where(method => method is not LocalizationHeadsGrounding { Heads: null }).Select(method => method.Name);

    public void AddTo(Command command, ExampleCommand program, TextWriter output, TextWriter error)
    {
        command.Arguments.Add(_images);
        CommandOptions.Add(
            command,
            Check,
            [
                _words,
                _cub,
                .. _annotations.All,
                _object,
                _model.Name,
                _method,
                _threshold,
                _limit,
                _out,
                _overlays,
                _report,
                .. _model.Runtime.Where(option => option.Name != _object.Name),
            ]
        );
        program.SetJob(command, (result, token) => new GroundJob(SettingsOf(result), output, error).Run(token));
    }

    private void Check(CommandResult result)
    {
        _annotations.Check(result, _cub);
        bool isAnnotated = result.IsGiven(_cub) || _annotations.AreGiven(result);
        bool hasImages = result.GetValue(_images) is { Length: > 0 };
        if (!hasImages && !isAnnotated)
        {
            result.AddError("Name images: files, folders, patterns or CSV files; or annotated ones with --cub, --coco or --points.");
        }

        if (hasImages && isAnnotated)
        {
            result.AddError("Images and annotated ones are two runs: name these or --cub, --coco or --points.");
        }

        if (result.IsGiven(_words) || !isAnnotated)
        {
            CheckWords(result, isAnnotated);
        }

        if (
            result.GetValue(_method) is { } method
            && method.Equals(GroundingMethods.Paper.Name, StringComparison.OrdinalIgnoreCase)
            && result.GetValue(_object) is null
        )
        {
            result.AddError("--method Paper needs --object: it masks by where the object is.");
        }
    }

    private void CheckWords(CommandResult result, bool isAnnotated)
    {
        try
        {
            if (AskedWords.Parse(result.GetValue(_words)).Points.Count > 0 && !isAnnotated)
            {
                result.AddError("--words names points, which images without annotations do not have.");
            }
        }
        catch (ArgumentException)
        {
            result.AddError("--words needs at least one word, and each word once, such as --words wheel,door.");
        }
    }

    private GroundSettings SettingsOf(ParseResult result)
    {
        ModelSettings model = _model.Read(result);
        bool isGiven = result.GetResult(_model.Name) is { Implicit: false };
        return new GroundSettings
        {
            Images = result.GetValue(_images) ?? [],
            Words = result.GetValue(_words) is { } words ? AskedWords.Parse(words) : null,
            Data = _annotations.Read(result, new DataSettings { Cub = result.GetValue(_cub), Limit = result.GetValue(_limit) }),
            Object = result.GetValue(_object),
            Model = GroundSettings.WithModelVariable(model, isGiven),
            Method = result.GetValue(_method),
            Threshold = result.GetRequiredValue(_threshold),
            Limit = result.GetValue(_limit),
            Out = result.GetRequiredValue(_out),
            Overlays = result.GetRequiredValue(_overlays),
            Report = result.GetValue(_report),
        };
    }
}
