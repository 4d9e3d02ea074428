namespace MLNetGrounding.Rendering;

/// <summary>How a <see cref="ContactSheet"/> with captions looks.</summary>
internal sealed record ContactSheetOptions
{
    /// <summary>Panels per row, at least 1. Default 4.</summary>
    public int Columns { get; init; } = 4;

    /// <summary>A heading over all panels. Default <see langword="null"/>: none.</summary>
    public string? Title { get; init; }

    /// <summary>A line under the heading. Default <see langword="null"/>: none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>The colors that a legend beside the heading explains. Default <see langword="null"/>: no legend.</summary>
    public ColorMap? Legend { get; init; }

    /// <summary>What it is drawn for. Default <see cref="FigureTheme.Dark"/>.</summary>
    public FigureTheme Theme { get; init; }

    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Columns, 1, nameof(Columns));
        if (Legend is { } colors && !Enum.IsDefined(colors))
        {
            throw new ArgumentOutOfRangeException(nameof(Legend), colors, $"{nameof(Legend)} is not a color map.");
        }
    }
}
