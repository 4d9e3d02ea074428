using System.CommandLine;
using System.CommandLine.Parsing;

namespace MLNetGrounding.Examples;

/// <summary>Runs an example's command line: what goes wrong is one line and an exit code, and a bug keeps its stack trace.</summary>
/// <param name="name">The example's name, before each of its messages.</param>
/// <param name="output">What the example prints.</param>
/// <param name="error">Takes messages.</param>
internal sealed class ExampleCommand(string name, TextWriter output, TextWriter error)
{
    // A row of a large model on a CPU takes minutes, and what is done is written after it.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(10);

    /// <summary>The example's name.</summary>
    public string Name => name;

    /// <summary>Lets a command run a job, which returns an exit code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="job">Is canceled by Ctrl-C and by termination signals.</param>
    /// <param name="whenInterrupted">What the user should know where cancellation ended the job.</param>
    public void SetJob(Command command, Func<ParseResult, CancellationToken, int> job, string whenInterrupted = "Interrupted.") =>
        // On a thread of its own: Ctrl-C is listened to once the action has returned its task.
        command.SetAction(
            (result, cancellationToken) =>
                Task.Run(
                    () =>
                    {
                        try
                        {
                            return job(result, cancellationToken);
                        }
                        catch (Exception) when (cancellationToken.IsCancellationRequested)
                        {
                            // Of whatever type: ML.NET wraps the cancellation that ends a pipeline.
                            error.WriteLine($"{name}: {whenInterrupted}");
                            return ExitCode.Interrupted;
                        }
                        catch (Exception exception) when (Explanation.Of(exception) is { } explanation)
                        {
                            error.WriteLine($"{name}: {explanation}");
                            return ExitCode.Failure;
                        }
                    },
                    CancellationToken.None
                )
        );

    /// <summary>Parses the arguments and runs what they ask for.</summary>
    public Task<int> RunAsync(RootCommand root, string[] arguments, CancellationToken cancellationToken)
    {
        ParseResult result = root.Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (ParseError problem in result.Errors)
            {
                error.WriteLine($"{name}: {problem.Message}");
            }

            error.WriteLine("Run with --help to see all options.");
            return Task.FromResult(ExitCode.WrongArguments);
        }

        return result.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                ProcessTerminationTimeout = TimeToStop,
            },
            cancellationToken
        );
    }
}
