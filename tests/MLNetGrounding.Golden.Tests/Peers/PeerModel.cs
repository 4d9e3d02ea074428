using MLNetGrounding.Golden.Models;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Generation;

namespace MLNetGrounding.Golden.Peers;

/// <summary>The tiny checkpoint that a project's code was run on, where it is there.</summary>
internal static class PeerModel
{
    /// <summary>
    /// What an observer records of a prompt; <see langword="null"/> where there is no checkpoint, or its family is not built.
    /// </summary>
    /// <param name="folder">The peer's folder, named by the checkpoint and the case.</param>
    /// <param name="ids">The prompt's tokens, the image's included.</param>
    /// <param name="imageStart">The first visual token.</param>
    /// <param name="observer">Sees the last row.</param>
    public static float[]? Observe(string folder, IReadOnlyList<int> ids, int imageStart, ILayerObserver observer)
    {
        CaptureOptions options = new()
        {
            Fit = ImageFit.Native,
            Row = QueryRow.LastPromptToken,
            Flow = null,
            PrefixTokenIds = [.. ids.Take(imageStart)],
            Observers = [observer],
        };
        return Capture(
            folder,
            options,
            (_, image) => new AttentionQuery { Name = folder, TokenIds = [.. ids.Skip(imageStart + image.Span.Ids.Count)] }
        )
            ?.Observations[0];
    }

    /// <summary>Runs the case that a folder's name begins with.</summary>
    /// <param name="folder">The peer's folder.</param>
    /// <param name="options">What is captured.</param>
    /// <param name="ask">The question about the image.</param>
    /// <param name="precision">The precision of the weights and of what is computed.</param>
    public static AttentionCapture? Capture(
        string folder,
        CaptureOptions options,
        Func<GoldenModelCase, PreparedImage, AttentionQuery> ask,
        ModelPrecision precision = ModelPrecision.Float32
    )
    {
        if (TryFind(folder) is not (GoldenModel golden, GoldenModelCase each) || !golden.IsBuilt)
        {
            return null;
        }

        var model = SharedCheckpoint.Load(golden.Checkpoint, new VisionLanguageModelOptions { Precision = precision });
        try
        {
            PreparedImage image = model.Images.Prepare(PngImage.Read(each.ImagePath), each.Request, CancellationToken.None);
            PreparedPrompt prompt = model
                .CreatePromptBuilder(new GroundingProfile { Template = each.Template })
                .Build([ask(each, image)], options, image.Span.Layout);
            return model.Capturer.Capture(image, prompt, CancellationToken.None);
        }
        finally
        {
            model.Release();
        }
    }

    /// <summary>The greedy answer to one of the case's questions, with its token activation maps.</summary>
    /// <param name="folder">The peer's folder.</param>
    /// <param name="query">The question's number.</param>
    /// <param name="count">How many tokens.</param>
    /// <param name="maps">How maps are made.</param>
    public static Answer? Answer(string folder, int query, int count, TokenActivationOptions maps)
    {
        if (TryFind(folder) is not (GoldenModel golden, GoldenModelCase each) || !golden.IsBuilt)
        {
            return null;
        }

        var model = SharedCheckpoint.Load(golden.Checkpoint, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 });
        try
        {
            PreparedImage image = model.Images.Prepare(PngImage.Read(each.ImagePath), each.Request, CancellationToken.None);
            PreparedPrompt prompt = model
                .CreatePromptBuilder(new GroundingProfile { Template = each.Template })
                .Build(
                    [
                        new AttentionQuery
                        {
                            Name = folder,
                            Word = each.Queries[query].Word,
                            Question = each.Queries[query].Question,
                        },
                    ],
                    new CaptureOptions { Fit = ImageFit.Native },
                    image.Span.Layout
                );
            AnswerOptions options = new()
            {
                MaximumTokens = count,
                ActivationMaps = maps,
                Processors = [new BarredTokens(golden.EndTokenIds)],
            };
            using AnswerRun run = model.Answers.Begin(image, prompt, options, CancellationToken.None);
            while (!run.IsComplete)
            {
                run.Next(CancellationToken.None);
            }

            return run.Answers[0];
        }
        finally
        {
            model.Release();
        }
    }

    /// <summary>The checkpoint and case that a folder's name begins with.</summary>
    private static (GoldenModel Model, GoldenModelCase Case)? TryFind(string folder)
    {
        foreach (string name in GoldenFolders.Folders("", "prompt.json").OrderByDescending(name => name.Length))
        {
            if (name != GoldenFolders.None && folder.StartsWith(name + "_", StringComparison.Ordinal))
            {
                GoldenModel golden = new(name);
                string rest = folder[(name.Length + 1)..];
                return
                    golden.Cases.FirstOrDefault(each => rest == each.Name || rest.StartsWith(each.Name + "_", StringComparison.Ordinal))
                        is { } found
                    ? (golden, found)
                    : null;
            }
        }

        return null;
    }
}
