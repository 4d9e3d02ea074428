using Microsoft.ML.Data;

namespace MLNetGrounding.Rendering;

/// <summary>A picture of a <see cref="ContactSheet"/> and what is written under it.</summary>
/// <param name="Picture">The picture; it stays the caller's to dispose.</param>
/// <param name="Caption">One line under it.</param>
internal sealed record ContactSheetPanel(MLImage Picture, string Caption)
{
    /// <summary>Smaller lines under the caption. Default: none.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How it stands out. Default <see cref="PanelMark.None"/>.</summary>
    public PanelMark Mark { get; init; } = PanelMark.None;
}
