using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;

namespace GroundBirds;

/// <summary>The job: images through the model and the method, row by row, to scores and pictures.</summary>
internal sealed class GroundBirdsJob : IDisposable
{
    private readonly GroundBirdsSettings _settings;
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _messages;
    private readonly MLContext _context = new();
    private readonly RowWarnings _warnings;
    private readonly ScoreTable _table;
    private readonly TerminalGallery _gallery;
    private readonly RunClock _clock = new();

    public GroundBirdsJob(GroundBirdsSettings settings, TextWriter output, TextWriter error)
    {
        _settings = settings;
        _output = Consoles.On(output);
        _messages = Consoles.On(error);
        _warnings = new RowWarnings(_context);
        _table = new ScoreTable(_context, settings.Words);
        _gallery = new TerminalGallery(settings.Words, settings.Threshold, settings.Show, settings.Data.Loading);
    }

    public int Run(CancellationToken cancellationToken)
    {
        using var folder = FolderLock.Take(_settings.Out);
        Outputs.CheckFile(ScorePath);
        if (_settings.Report is not null)
        {
            Outputs.CheckFile(_settings.Report);
        }

        string birds = _settings.Data.Cub ?? SampleBirdFolder.Prepare(_settings.Out, Birds, cancellationToken);
        IDataView images = _context.Data.LoadCub(birds, _settings.Data.Options);
        var model = GroundBirdsModel.Prepare(_settings);
        CheckPictureFolders(model);
        using VisionLanguageModel llava = model.Checkpoint.Load();
        Announce(model, llava.Info, images.GetRowCount() ?? 0);

        using TransformerChain<MpirEvaluatorTransformer> pipeline = Pipeline(llava, cancellationToken).Fit(images);
        RunOutcome outcome = Process(pipeline.Transform(images), model, llava.Info, cancellationToken);
        if (outcome.Failure is null || _table.Done + _table.Failed > 0)
        {
            Summarize(model, outcome);
        }

        outcome.Failure?.Throw();
        return !outcome.Finished ? ExitCode.Interrupted
            : _table.Done == 0 ? ExitCode.Failure
            : ExitCode.Success;
    }

    public void Dispose() => _clock.Dispose();

    /// <summary>The birds to draw: the usual ones, which a smaller limit takes the first of, or as many as a larger one asks for.</summary>
    private SampleBirdsOptions Birds =>
        new() { Count = _settings.Data.Limit is { } limit && limit > SampleSeeds.Demo.DefaultCount ? limit : null };

    /// <summary>The method, as one ML.NET pipeline.</summary>
    private EstimatorChain<MpirEvaluatorTransformer> Pipeline(VisionLanguageModel llava, CancellationToken cancellationToken) =>
        _context
            .Transforms.LoadGroundingImages(loading: _settings.Data.Loading)
            .Append(
                _context.Transforms.ExtractAttention(
                    new AttentionExtractorOptions
                    {
                        Model = llava,
                        Words = _settings.Words,
                        Object = _settings.Model.ObjectFor(llava),
                        Capture = _settings.Model.Capture,
                        Cells = _settings.Model.Cells,
                        Aspect = _settings.Model.Aspect,
                        NeutralAttentionColumnName = _settings.NeedsLayers ? nameof(LayeredRow.NeutralAttention) : null,
                        CancellationToken = cancellationToken,
                    }
                )
            )
            .Append(_context.Transforms.SelectHeads())
            .Append(_context.Transforms.MaskByRollout())
            .Append(_context.Transforms.EvaluateMpir(regionThreshold: _settings.Threshold));

    private void CheckPictureFolders(GroundBirdsModel model)
    {
        if (_settings.Overlays > 0)
        {
            Outputs.CheckFolder(OverlayPath(model));
        }

        if (_settings.Figures > 0)
        {
            Outputs.CheckFolder(FigurePath(model));
        }
    }

    /// <summary>Reads the rows one by one, so that what is done is written whatever happens next.</summary>
    private RunOutcome Process(IDataView rows, GroundBirdsModel model, ModelInfo info, CancellationToken cancellationToken)
    {
        using var scores = new ScoreFile(ScorePath, _settings.Words, model.Label);
        PictureFolder.Clear(OverlayPath(model));
        PictureFolder.Clear(FigurePath(model));
        using var overlays = new OverlayQueue(
            new OverlayFolder(
                OverlayPath(model),
                _settings.Words,
                _settings.Threshold,
                model.Label,
                _settings.Overlays,
                _settings.Data.Loading
            )
        );
        using var exhibits = new Exhibits(_settings, info, $"Where {model.Label} looks", Description(model, info), FigurePath(model));
        _warnings.WriteOthers(_messages);
        var outcome = new RunOutcome();
        ProgressReport.Run(
            _messages,
            rows.GetRowCount() ?? 0,
            advance =>
            {
                _clock.Start();
                try
                {
                    using IEnumerator<GroundedRow> reader = Rows(rows).GetEnumerator();
                    for (long position = 0; _clock.InPipeline(reader.MoveNext); position++)
                    {
                        GroundedRow row = reader.Current;
                        ReportFailure(row, _warnings.Take(position));
                        scores.Add(row);
                        _table.Add(row);
                        _gallery.Add(row);
                        overlays.Add(row);
                        exhibits.Add(row);
                        advance();
                        cancellationToken.ThrowIfCancellationRequested();
                    }
                }
                catch (Exception) when (cancellationToken.IsCancellationRequested)
                {
                    outcome.Finished = false;
                }
                catch (Exception exception)
                {
                    outcome.Fail(exception);
                }

                _clock.InPictures(() =>
                {
                    outcome.Try(overlays.Complete);
                    outcome.ReportWritten = outcome.Try(exhibits.Complete) && _settings.Report is not null;
                });
                _clock.Stop();
            }
        );
        return outcome;
    }

    private IEnumerable<GroundedRow> Rows(IDataView rows) =>
        _settings.NeedsLayers
            ? _context.Data.CreateEnumerable<LayeredRow>(rows, reuseRowObject: false)
            : _context.Data.CreateEnumerable<GroundedRow>(rows, reuseRowObject: false);

    private string Description(GroundBirdsModel model, ModelInfo info) =>
        $"{model.Label}: {info.Layers} layers of {info.Heads} heads, {_settings.Model.GridOf(info)}. Data: {(_settings.Data.Cub is null ? "sample birds" : Path.GetFileName(Path.TrimEndingDirectorySeparator(_settings.Data.Cub)))}."
        + (model.IsRandom ? " The weights are random: where they look means nothing." : "");

    private void ReportFailure(GroundedRow row, string? reason)
    {
        if (row.Failed)
        {
            _messages.WriteLine($"Skipped {row.ImagePath}: {reason ?? "no reason was given."}");
        }
    }

    private void Announce(GroundBirdsModel model, ModelInfo info, long images)
    {
        _output.WriteLine($"Model: {model.Label}, {info.Layers} layers of {info.Heads} heads, {_settings.Model.GridOf(info)}");
        _output.WriteLine($"Data: {images} {Images(images)} of {(_settings.Data.Cub is null ? "the sample birds" : _settings.Data.Cub)}");
    }

    private void Summarize(GroundBirdsModel model, RunOutcome outcome)
    {
        if (!outcome.Finished)
        {
            _output.WriteLine(
                $"{(outcome.Failure is null ? "Interrupted" : "Failed")}: what follows is of the {_table.Done + _table.Failed} {Images(_table.Done + _table.Failed)} done until then."
            );
        }

        _table.Print(_output, FormattableString.Invariant($"mPIR at threshold {_settings.Threshold}, {model.Label}"));
        if (model.IsRandom)
        {
            _output.WriteLine("These weights are random: the scores show that everything works, and say nothing about any model.");
        }

        if (_table.Failed > 0)
        {
            _output.WriteLine($"Skipped: {_table.Failed} {Images(_table.Failed)}, named above and marked in the scores.");
        }

        _output.WriteLine(
            FormattableString.Invariant(
                $"Time: {_clock.Total:0.00} s, {(_table.Done + _table.Failed) / _clock.Total:0.00} images/s; {_clock.Model:0.00} s in the model, {1 - (_clock.Model / _clock.Total):P0} outside it"
            )
        );
        if (_settings.Profile)
        {
            _output.WriteLine(
                FormattableString.Invariant(
                    $"Outside the model: {_clock.Pipeline - _clock.Model:0.00} s reading images, heads, rollout and scores; {_clock.Total - _clock.Pipeline - _clock.Pictures:0.00} s writing scores and handing on what is drawn; {_clock.Pictures:0.00} s drawing after the last image"
                )
            );
        }

        _gallery.Print(_output);
        _output.WriteLine($"Scores: {ScorePath}");
        if (_settings.Overlays > 0)
        {
            _output.WriteLine($"Pictures: {OverlayPath(model)}");
        }

        if (_settings.Figures > 0)
        {
            _output.WriteLine($"Figures: {FigurePath(model)}");
        }

        if (outcome.ReportWritten)
        {
            _output.WriteLine($"Report: {_settings.Report}");
        }
    }

    private static string Images(long count) => count == 1 ? "image" : "images";

    private string ScorePath => Path.Combine(_settings.Out, "scores.csv");

    private string OverlayPath(GroundBirdsModel model) =>
        Path.Combine(_settings.Out, model.IsRandom ? "overlays-random-weights" : "overlays");

    private string FigurePath(GroundBirdsModel model) => Path.Combine(_settings.Out, model.IsRandom ? "figures-random-weights" : "figures");
}
