using System.CommandLine;

namespace MLNetGrounding.Tool;

/// <summary><c>grounding model get ORG/NAME</c>.</summary>
internal static class ModelGetCommand
{
    private const string Description = """
        Downloads a model from the Hugging Face hub into the cache that Hugging Face's own tools use: only the files that are needed, each
        compared with its hash. Says license and size before. A broken download is continued by the same command.

        Variables: HF_TOKEN (or the token file of Hugging Face's tools), HF_ENDPOINT (a mirror), HF_HOME and HF_HUB_CACHE (the cache),
        HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE (no request is sent), HTTPS_PROXY, NO_PROXY.
        """;

    public static Command Create(ExampleCommand program, TextWriter output, TextWriter error)
    {
        Argument<string> name = new("model") { Description = "The model's name: organization/name." };
        Option<string> revision = Place("--revision", "name", "A branch, a tag, or a commit.", "main");
        Option<bool> plan = new("--dry-run") { Description = "Only say what would be downloaded." };
        Option<bool> any = new("--any") { Description = "Download a model too whose type cannot be opened here." };
        Command command = new("get", Description);
        command.Arguments.Add(name);
        command.Options.Add(revision);
        command.Options.Add(plan);
        command.Options.Add(any);
        program.SetJob(
            command,
            (result, token) =>
                RunAsync(
                        result.GetRequiredValue(name),
                        result.GetRequiredValue(revision),
                        result.GetValue(plan),
                        result.GetValue(any),
                        output,
                        error,
                        token
                    )
                    .GetAwaiter()
                    .GetResult(),
            "Interrupted. What has arrived is kept; the same command goes on from there."
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string name,
        string revision,
        bool onlyPlan,
        bool any,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        ModelDownload download = await ModelHub.PlanAsync(name, new ModelHubOptions { Revision = revision }, cancellationToken);
        error.WriteLine(
            $"{download.Model}, commit {download.Commit}: license {download.License ?? "not stated"}{(download.IsGated ? ", gated" : "")}; "
                + $"{download.Files.Count} files, {Sizes.Text(download.Size)}, of which {Sizes.Text(download.MissingSize)} are missing here."
        );
        if (download.IsSupported == false && !any)
        {
            throw new CommandException(
                $"Its type is '{download.ModelType}', which cannot be opened here, so that nothing is downloaded; --any does it all the same."
            );
        }

        if (onlyPlan)
        {
            foreach (ModelFile file in download.Files)
            {
                output.WriteLine($"{(file.IsCached ? "cached" : "missing"), -8} {Sizes.Text(file.Size), 10}  {file.Path}");
            }

            return ExitCode.Success;
        }

        using DownloadProgress progress = new(error);
        string folder = await ModelHub.GetAsync(download, progress, cancellationToken);
        progress.Dispose();
        output.WriteLine(folder);
        return ExitCode.Success;
    }
}
