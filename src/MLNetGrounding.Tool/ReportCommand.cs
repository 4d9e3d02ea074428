using System.CommandLine;
using Table1;

namespace MLNetGrounding.Tool;

/// <summary><c>grounding report FOLDER</c>.</summary>
internal static class ReportCommand
{
    public static Command Create(ExampleCommand program, TextWriter output)
    {
        Argument<string> folder = new("folder")
        {
            Description = "The folder of --out of a finished run or comparison.",
            DefaultValueFactory = _ => "grounding",
        };
        Option<string> file = Place("--out", "file", "The HTML file to write. [default: report.html in the folder]");
        Command command = new(
            "report",
            "Makes the HTML page of a finished run from its maps, or of a comparison that kept them: a gallery to look through in a browser, offline. The model is not run again."
        );
        command.Arguments.Add(folder);
        command.Options.Add(file);
        program.SetJob(
            command,
            (result, _) =>
            {
                string run = result.GetRequiredValue(folder);
                string path = result.GetValue(file) ?? Path.Combine(run, "report.html");
                int shown;
                if (ComparisonRecord.IsIn(run))
                {
                    Outputs.CheckFile(path);
                    shown = ComparisonReport.Write(run, path);
                }
                else
                {
                    RunFolder.Read(run);
                    Outputs.CheckFile(path);
                    shown = RunReport.Write(run, path);
                }

                output.WriteLine($"{path}: {shown} {(shown == 1 ? "image" : "images")}");
                return ExitCode.Success;
            }
        );
        return command;
    }
}
