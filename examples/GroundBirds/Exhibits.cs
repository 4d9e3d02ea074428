using MLNetGrounding;

namespace GroundBirds;

/// <summary>The report and the figures: what is made of rows with their layers and heads, on a thread of its own.</summary>
internal sealed class Exhibits : IDisposable
{
    private readonly GroundBirdsSettings _settings;
    private readonly ModelInfo _model;
    private readonly GroundingReport? _report;
    private readonly FigureFolder _figures;
    private readonly BackgroundRows _rows;
    private int _done;

    public Exhibits(GroundBirdsSettings settings, ModelInfo model, string title, string description, string figurePath)
    {
        _settings = settings;
        _model = model;
        var options = new GroundingFigureOptions { RegionThreshold = settings.Threshold, Theme = settings.FigureTheme };
        _figures = new FigureFolder(figurePath, settings.Figures, options);
        if (settings.Report is not null)
        {
            _report = new GroundingReport(
                new GroundingReportOptions
                {
                    Title = title,
                    Description = description,
                    RegionThreshold = settings.Threshold,
                    Details = settings.ReportDetails,
                    DetailsOf = settings.ReportDetailsOf,
                    HeadMap = settings.ReportHeads,
                }
            );
        }

        _rows = new BackgroundRows(Make);
    }

    /// <summary>Takes a row; waits while too many are waiting.</summary>
    public void Add(GroundedRow row)
    {
        if (_report is not null || (_settings.Figures > 0 && !row.Failed))
        {
            _rows.Add(row);
        }
    }

    /// <summary>Makes what is left and writes the report.</summary>
    public void Complete()
    {
        _rows.Complete();
        _report?.Save(_settings.Report!);
    }

    public void Dispose() => _rows.Dispose();

    private void Make(GroundedRow row)
    {
        if (row.Failed)
        {
            _report?.AddFailed();
            return;
        }

        bool hasFigures = _done < _settings.Figures;
        bool showsHeads = _settings.ReportHeads || _settings.ReportDetails > 0 || _settings.ReportDetailsOf.Count > 0;
        bool hasLayers = hasFigures || (_report is not null && showsHeads);
        if (_report is null && !hasFigures)
        {
            return;
        }

        using GroundedImage image = GroundedRowImage.Of(row, _settings.Words, _model, hasLayers, _settings.Data.Loading);
        _report?.Add(image);
        _figures.Add(row.ImageId, image);
        _done++;
    }
}
