using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MLNetGrounding;

namespace SteerAnswers;

/// <summary>The command line: its options and its help.</summary>
internal sealed class SteerAnswersCommand
{
    private const string Description = """
        Asks a model for the colors of birds' parts while its attention is steered: raised or lowered under the bird's mask, in the part's
        box, in the part's box by chosen heads alone, or in a box of the same size elsewhere; and with the part hidden from attention, or
        its pixels hidden. The table says how many answers are right under each.

        One part an image, in turn. Answers go to answers.csv in the folder of --out as soon as an image is done; a run that was
        interrupted goes on from there, and a folder of other settings is refused. At the end it writes table.md.

        Examples:
          dotnet run -c Release --project examples/SteerAnswers -- --limit 500
          dotnet run -c Release --project examples/SteerAnswers -- --model ~/models/llava-1.5-7b-hf --cub ~/data/CUB_200_2011 --limit 200

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C.
        """;

    private static readonly SteerAnswersSettings Defaults = new();

    private readonly ModelOptions _model = new();

    private readonly DataOptions _data = new(
        $"It needs the image attributes. Without it, {SampleSeeds.Accuracy.Count} held-out sample birds are drawn.",
        "The largest number of images.",
        "Which part of CUB's train/test split to ask about; heads are chosen on the training rows where the test rows are asked about.",
        ["test", "train", "all"]
    );

    private readonly Option<string> _question = Place("--question", "text", "The question, with {word} for the part.", Defaults.Question);

    private readonly Option<double[]> _biases = new("--bias")
    {
        CustomParser = CommandOptions.Numbers,
        Description = "What is added to attention scores.",
        HelpName = "numbers",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Defaults.Biases],
    };

    private readonly Option<double> _firstLayerDepth = Share(
        "--first-layer-depth",
        "The first steered layer, as a share of the layers.",
        Defaults.FirstLayerDepth
    );

    private readonly Option<double> _maskThreshold = Share(
        "--mask-threshold",
        "Where the coarse mask, scaled to 0..1, counts.",
        Defaults.MaskThreshold
    );

    private readonly Option<AttentionHead[]> _heads = new("--heads")
    {
        CustomParser = ParseHeads,
        Description =
            "The heads that are steered alone, as layer:head, from 0. [default: those whose maps most often have their maximum in the part, on other images]",
        HelpName = "layer:head",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _headCount = Count("--head-count", "How many heads are chosen.", Defaults.HeadCount, least: 1);

    private readonly Option<int> _headImages = Count(
        "--head-images",
        "How many other images they are chosen on.",
        Defaults.HeadImages,
        least: 1,
        SampleSeeds.ThresholdChoice.Count
    );

    private readonly Option<int> _answerTokens = Count("--answer-tokens", "The most tokens of an answer.", Defaults.AnswerTokens, least: 1);

    private readonly Option<int> _seed = Count("--seed", "Chooses the boxes elsewhere and the resamplings.", Defaults.Seed, least: 0);

    private readonly Option<string> _out = Place("--out", "folder", "The folder to write to, and to go on in.", Defaults.Out);

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        ExampleCommand program = new("SteerAnswers", output, error);
        SteerAnswersCommand options = new();
        RootCommand root = CommandOptions.Root(
            Description,
            options.RejectWhatHasNoEffect,
            [
                options._model.Name,
                .. options._data.All,
                options._question,
                options._biases,
                options._firstLayerDepth,
                options._maskThreshold,
                options._heads,
                options._headCount,
                options._headImages,
                options._answerTokens,
                options._seed,
                .. options._model.Runtime,
                options._out,
            ]
        );
        program.SetJob(
            root,
            (result, token) => new SteerAnswersJob(options.SettingsOf(result), output, error).Run(token),
            "Interrupted. What is done is kept; the same command goes on from there."
        );
        return program.RunAsync(root, arguments, cancellationToken);
    }

    private static AttentionHead[] ParseHeads(ArgumentResult result)
    {
        List<AttentionHead> heads = [];
        foreach (string text in result.Tokens.SelectMany(token => WordsOf(token.Value)))
        {
            if (
                text.Split(':') is [var layer, var head]
                && int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                && int.TryParse(head, NumberStyles.None, CultureInfo.InvariantCulture, out int second)
            )
            {
                heads.Add(new AttentionHead(first, second));
            }
            else
            {
                result.AddError($"--heads must be layers and heads such as 2:3, not '{text}'.");
            }
        }

        return [.. heads.Distinct()];
    }

    private void RejectWhatHasNoEffect(CommandResult result)
    {
        _model.RejectContradictions(result);
        if (result.GetValue(_question) is { } question && !question.Contains(GroundingProfile.WordPlaceholder, StringComparison.Ordinal))
        {
            result.AddError($"--question must hold {GroundingProfile.WordPlaceholder} where the part stands.");
        }

        if (result.IsGiven(_heads) && (result.IsGiven(_headCount) || result.IsGiven(_headImages)))
        {
            result.AddError("--heads names the heads; --head-count and --head-images have them chosen. Give either.");
        }

        if (result.IsGiven(_data.Cub))
        {
            return;
        }

        if (result.IsGiven(_data.Split!))
        {
            result.AddError("--split needs --cub.");
        }

        if (result.GetValue(_data.Limit) > SampleSeeds.Accuracy.Count)
        {
            result.AddError($"--limit must be at most {SampleSeeds.Accuracy.Count} without --cub: there are no more sample birds.");
        }
    }

    private SteerAnswersSettings SettingsOf(ParseResult result) =>
        new()
        {
            Model = _model.Read(result),
            Data = _data.Read(result),
            Question = result.GetRequiredValue(_question),
            Biases = result.GetRequiredValue(_biases),
            FirstLayerDepth = result.GetRequiredValue(_firstLayerDepth),
            MaskThreshold = result.GetRequiredValue(_maskThreshold),
            Heads = result.GetValue(_heads) ?? [],
            HeadCount = result.GetRequiredValue(_headCount),
            HeadImages = result.GetRequiredValue(_headImages),
            AnswerTokens = result.GetRequiredValue(_answerTokens),
            Seed = result.GetRequiredValue(_seed),
            Out = result.GetRequiredValue(_out),
        };
}
