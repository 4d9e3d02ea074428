using System.CommandLine;

namespace GroundBirds;

/// <summary>What the examples' command lines share.</summary>
[TestClass]
public sealed class ExampleCommandTests
{
    [TestMethod]
    public async Task AJobsExitCodeIsTheProcesses()
    {
        Assert.AreEqual((ExitCode.Success, ""), await RunAsync((_, _) => ExitCode.Success));
        Assert.AreEqual((ExitCode.Failure, ""), await RunAsync((_, _) => ExitCode.Failure));
    }

    [TestMethod]
    public async Task CancellationIsAnInterruptionWhateverWrapsIt()
    {
        using var source = new CancellationTokenSource();
        (int code, string error) = await RunAsync(
            (_, _) =>
            {
                source.Cancel();
                throw new InvalidOperationException("The pipeline ended.", new OperationCanceledException());
            },
            source.Token
        );
        Assert.AreEqual(ExitCode.Interrupted, code);
        Assert.AreEqual("Example: Interrupted.\n", error);
    }

    [TestMethod]
    public async Task TheCauseInsideAWrapperIsTold()
    {
        (int code, string error) = await RunAsync(
            (_, _) => throw new InvalidOperationException("The pipeline ended.", new IOException("No space left\non device"))
        );
        Assert.AreEqual((ExitCode.Failure, "Example: No space left on device\n"), (code, error));
        (code, error) = await RunAsync((_, _) => throw new AggregateException(new FormatException(), new InvalidDataException("bad file")));
        Assert.AreEqual((ExitCode.Failure, "Example: bad file\n"), (code, error));
    }

    [TestMethod]
    public async Task WhatTheLibraryRefusesIsOneLine()
    {
        (int code, string error) = await RunAsync((_, _) => MLNetGrounding.GroundingMethods.ByName("Guess") is null ? 0 : 1);
        Assert.AreEqual(ExitCode.Failure, code);
        Assert.StartsWith("Example: ", error);
        Assert.Contains("'Guess'", error);
        Assert.HasCount(1, error.Trim().Split('\n'));
    }

    [TestMethod]
    [DataRow(typeof(InvalidOperationException))]
    [DataRow(typeof(ArgumentException))]
    [DataRow(typeof(NullReferenceException))]
    public async Task ABugKeepsItsTrace(Type type)
    {
        (int code, string error) = await RunAsync((_, _) => throw (Exception)Activator.CreateInstance(type, "a mistake")!);
        Assert.AreEqual(ExitCode.Failure, code);
        Assert.Contains("a mistake", error);
        Assert.Contains(nameof(ABugKeepsItsTrace), error);
    }

    [TestMethod]
    public async Task WrongArgumentsPointToTheHelp()
    {
        (int code, string error) = await RunAsync((_, _) => ExitCode.Success, default, "--color");
        Assert.AreEqual(ExitCode.WrongArguments, code);
        Assert.Contains("Example: ", error);
        Assert.Contains("--color", error);
        Assert.EndsWith("Run with --help to see all options.\n", error);
    }

    private static async Task<(int Code, string Error)> RunAsync(
        Func<ParseResult, CancellationToken, int> job,
        CancellationToken cancellationToken = default,
        params string[] arguments
    )
    {
        using var error = new StringWriter { NewLine = "\n" };
        var command = new ExampleCommand("Example", TextWriter.Null, error);
        var root = new RootCommand();
        command.SetJob(root, job);
        int code = await command.RunAsync(root, arguments, cancellationToken);
        return (code, error.ToString());
    }
}
