using System.CommandLine;

namespace MLNetGrounding.Tool;

/// <summary><c>grounding ask IMAGE QUESTION ...</c>.</summary>
internal static class AskCommand
{
    public static Command Create(ExampleCommand program, TextWriter output, TextWriter error)
    {
        Argument<string> image = new("image") { Description = "The image." };
        Argument<string[]> questions = new("questions")
        {
            Description = "Questions about it, each in quotes.",
            Arity = ArgumentArity.OneOrMore,
        };
        ModelOptions model = new();
        Option<int> tokens = Count("--tokens", "The most tokens of an answer.", 32, least: 1, unit: "tokens");
        Option<string> folder = Place(
            "--out",
            "folder",
            "A folder for overlays of where the model looks when it says each word of its answers, and a sheet of all, words.png."
        );
        Option<bool> show = new("--show")
        {
            Description =
                "Show in the terminal where the model looks when it says a word: choose words with the arrow keys, or, where the output goes elsewhere, a list of all.",
        };
        Option<string> html = Place(
            "--html",
            "file",
            "An HTML page to write, whose words are buttons: choose one to see where the model looks."
        );
        Command command = new(
            "ask",
            "Answers questions about an image in the model's own words, and shows where it looks for each word that it says."
        );
        command.Arguments.Add(image);
        command.Arguments.Add(questions);
        CommandOptions.Add(
            command,
            result =>
            {
                string[] asked = result.GetValue(questions) ?? [];
                if (asked.Any(string.IsNullOrWhiteSpace) || asked.Distinct(StringComparer.Ordinal).Count() < asked.Length)
                {
                    result.AddError("Each question needs words, and is asked once.");
                }
            },
            [model.Name, tokens, folder, show, html, .. model.Runtime.Where(option => option.Name != "--object")]
        );
        program.SetJob(
            command,
            (result, token) =>
            {
                bool isGiven = result.GetResult(model.Name) is { Implicit: false };
                AskJob job = new(
                    GroundSettings.WithModelVariable(model.Read(result), isGiven),
                    result.GetRequiredValue(tokens),
                    new AskOutputs(result.GetValue(folder), result.GetValue(html), result.GetValue(show)),
                    output,
                    error
                );
                job.RunAsync(result.GetRequiredValue(image), result.GetRequiredValue(questions), token).GetAwaiter().GetResult();
                return ExitCode.Success;
            }
        );
        return command;
    }
}
