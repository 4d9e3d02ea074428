using Spectre.Console;

namespace MLNetGrounding.Examples;

/// <summary>Consoles that know whether they write to a terminal.</summary>
internal static class Consoles
{
    // Files and pipes have no width: wide enough that no line breaks.
    private const int WidthOfFiles = 10_000;

    public static IAnsiConsole On(TextWriter writer)
    {
        bool terminal = (writer == Console.Out && !Console.IsOutputRedirected) || (writer == Console.Error && !Console.IsErrorRedirected);
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
                Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        if (!terminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }
}
