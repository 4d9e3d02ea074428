using System.CommandLine;

namespace MLNetGrounding.Tool;

/// <summary><c>grounding model FOLDER</c> and <c>grounding model get ORG/NAME</c>.</summary>
internal static class ModelCommand
{
    private const string Description = """
        Tells what a checkpoint folder holds and what it lacks: family, layers, heads, grid, prompt template, memory. With --check it opens the
        model and grounds one image.
        """;

    public static Command Create(ExampleCommand program, TextWriter output, TextWriter error)
    {
        Argument<string> folder = new("folder")
        {
            Description = "A checkpoint folder, the name of a model in the cache (organization/name), or 'sample'.",
        };
        Option<string> check = Place("--check", "image", "An image to ground: prints time, memory, and the prompt as tokens.");
        Option<string> words = new("--words")
        {
            Description = "The words that --check asks about, separated by commas.",
            HelpName = "words",
            DefaultValueFactory = _ => "object",
        };
        Option<string> coarse = Place("--object", "word", "What the words are parts of.");
        Command command = new("model", Description);
        command.Arguments.Add(folder);
        CommandOptions.Add(
            command,
            result =>
            {
                if (!result.IsGiven(check) && (result.IsGiven(words) || result.IsGiven(coarse)))
                {
                    result.AddError("--words and --object need --check.");
                }

                if (result.IsGiven(words) && WordsOf(result.GetValue(words)).Length == 0)
                {
                    result.AddError("--words needs at least one word.");
                }
            },
            [check, words, coarse]
        );
        program.SetJob(
            command,
            (result, token) =>
            {
                ModelSettings model = new() { Name = result.GetRequiredValue(folder) };
                var summary = CheckpointSummary.Read(model.Directory);
                ModelPrinter.Print(output, summary);
                if (summary.Problems.Count > 0)
                {
                    return ExitCode.Failure;
                }

                if (result.GetValue(check) is { } image)
                {
                    ModelCheck.Run(
                        summary.Directory,
                        image,
                        WordsOf(result.GetRequiredValue(words)),
                        result.GetValue(coarse),
                        output,
                        token
                    );
                }

                return ExitCode.Success;
            }
        );
        command.Subcommands.Add(ModelGetCommand.Create(program, output, error));
        return command;
    }
}
