using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace MLNetGrounding.Tool;

/// <summary>Grounds images one by one; what is done is written before the next begins.</summary>
internal sealed class GroundJob(GroundSettings settings, TextWriter output, TextWriter error)
{
    private const int MostLines = 40;

    private readonly IAnsiConsole _messages = Consoles.On(error);
    private readonly MLContext _context = new();

    public int Run(CancellationToken cancellationToken)
    {
        var subjects = Subjects.Of(_context, settings);
        IReadOnlyList<string> words = settings.Words?.Words ?? WordsOf(subjects.KeyPoints!);
        using var folder = FolderLock.Take(settings.Out);
        if (settings.Report is not null)
        {
            Outputs.CheckFile(settings.Report);
        }

        if (settings.Model.IsSample)
        {
            error.WriteLine(
                $"The sample model knows drawn birds ({string.Join(", ", CubParts.Attributes)}) and drawn cars ({string.Join(", ", SampleCars.Words)}); where it looks for anything else means nothing. Name a model with --model or {GroundSettings.ModelVariable}; 'grounding model get' downloads one."
            );
        }

        using VisionLanguageModel model = settings.Model.Load();
        GroundingMethod method = GroundingMethods.ByName(
            settings.Method ?? (HasObject(model) ? GroundingMethods.Paper.Name : GroundingMethods.AllHeadsMean.Name)
        );
        using TransformerChain<MethodGrounderTransformer> chain = Chain(model, method, words, cancellationToken);
        using GroundingEngine engine = _context.Model.CreateGroundingEngine(
            chain,
            new GroundingEngineOptions
            {
                RegionThreshold = settings.Threshold,
                OwnsModel = false,
                GroundingMapsColumnName = $"{GroundingColumns.GroundingMaps}.{method.Name}",
            }
        );
        RunSettings record = new()
        {
            Words = words,
            Object = settings.Object,
            Points = subjects.KeyPoints is { } points
                ? RunPoints.Of(points, settings.Words?.TableFor(points) ?? new Dictionary<string, IReadOnlyList<int>>())
                : null,
            Method = method.Name,
            Threshold = settings.Threshold,
            Model = settings.Model.IsSample ? "sample model" : settings.Model.Name,
            Fingerprint = model.Fingerprint,
            Version = typeof(GroundJob).Assembly.GetName().Version?.ToString(3) ?? "",
            Date = DateTimeOffset.Now,
        };
        error.WriteLine(
            $"{model.Info.Family} model {record.Model}: {model.Info.Layers} layers of {model.Info.Heads} heads, {model.Info.Grid} cells; method {method.Name}; the prompt template is {model.TemplateOrigin}."
        );
        int done = Ground(engine, record, subjects.Images, cancellationToken);
        if (record.Points is not null && done > 0)
        {
            MethodEvaluation evaluation = RunScores.Write(_context, settings.Out, folder);
            foreach (string line in RunScores.Lines(evaluation))
            {
                output.WriteLine(line);
            }

            error.WriteLine($"Wrote {Path.Combine(settings.Out, RunScores.TableName)}");
        }

        if (settings.Report is not null && done > 0)
        {
            RunReport.Write(settings.Out, settings.Report);
            error.WriteLine($"Wrote {settings.Report}");
        }

        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted
            : done > 0 ? ExitCode.Success
            : ExitCode.Failure;
    }

    private bool HasObject(VisionLanguageModel model) => (settings.Object ?? model.Profile.Object) is not null;

    private static IReadOnlyList<string> WordsOf(KeyPointDescription points) =>
        points.KeyPointTable.Count > 0 ? [.. points.KeyPointTable.Keys] : points.Names;

    private TransformerChain<MethodGrounderTransformer> Chain(
        VisionLanguageModel model,
        GroundingMethod method,
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    ) =>
        _context
            .Transforms.LoadGroundingImages()
            .Append(
                _context.Transforms.GroundByMethods(
                    new MethodGrounderOptions
                    {
                        Model = model,
                        Methods = [method],
                        Words = words,
                        Object = settings.Object,
                        Capture = settings.Model.Capture,
                        Cells = settings.Model.Cells,
                        Aspect = settings.Model.Aspect,
                        CancellationToken = cancellationToken,
                    }
                )
            )
            .Fit(_context.Data.LoadFromEnumerable(Array.Empty<PathRow>()));

    private int Ground(GroundingEngine engine, RunSettings record, IReadOnlyList<Subject> images, CancellationToken cancellationToken)
    {
        using var run = RunFolder.Create(settings.Out, record);
        List<string> lines = [];
        int done = 0;
        try
        {
            ProgressReport.Run(
                _messages,
                images.Count,
                advance =>
                {
                    for (int index = 0; index < images.Count; index++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        if (GroundOne(engine, run, images[index], index) is { } line)
                        {
                            lines.Add(line);
                            done++;
                        }

                        advance();
                    }
                }
            );
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Of whatever type: ML.NET wraps the cancellation that ends a row. What is done is printed below.
            error.WriteLine($"grounding: Interrupted after {done} of {images.Count} images.");
        }

        foreach (string line in lines.Take(MostLines))
        {
            output.WriteLine(line);
        }

        if (lines.Count > MostLines)
        {
            output.WriteLine($"... and {lines.Count - MostLines} more images in {run.RegionsPath}");
        }

        error.WriteLine(
            $"Wrote {run.RegionsPath}{(settings.Overlays > 0 ? $" and overlays to {run.OverlayFolder}" : "")}; 'grounding report {settings.Out}' makes an HTML page."
        );
        return done;
    }

    /// <summary>What is printed of an image, or null where it could not be grounded, which is said.</summary>
    private string? GroundOne(GroundingEngine engine, RunFolder run, Subject subject, int index)
    {
        string path = subject.Path;
        MLImage image;
        try
        {
            image = ImageFile.Load(path);
        }
        catch (InvalidDataException exception)
        {
            run.AddFailed(path);
            error.WriteLine($"skipped: {exception.Message}");
            return null;
        }

        using (image)
        {
            GroundingPrediction prediction = engine.Predict(image);
            if (prediction.Failed)
            {
                run.AddFailed(path);
                error.WriteLine($"skipped: '{path}': the model's attention is not finite.");
                return null;
            }

            run.Add(subject, prediction);
            if (index < settings.Overlays)
            {
                run.Draw(path, index, image, prediction);
            }

            return string.Join(
                '\n',
                prediction.Queries.Select(
                    (query, number) => $"{(number == 0 ? Path.GetFileName(path) + "\n" : "")}  {query.Name}: {Text(query.Region)}"
                )
            );
        }
    }

    private static string Text(PredictedRegion region) =>
        region.Box is not { } box
            ? "nowhere"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{box.Width} x {box.Height} pixels at ({box.X}, {box.Y}){(region.Boxes.Count > 1 ? $" and {region.Boxes.Count - 1} more" : "")}, {region.Area:P1} of the image"
            );

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
