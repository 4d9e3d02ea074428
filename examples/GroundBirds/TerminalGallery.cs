using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GroundBirds;

/// <summary>The maps of the first images in the terminal, so that a look over SSH needs no files.</summary>
internal sealed class TerminalGallery(IReadOnlyList<string> queries, double threshold, int images, ImageLoadingOptions loading)
{
    /// <summary>Characters across a picture, and pixels of its longer edge.</summary>
    private const int Edge = 36;

    private const int Gap = 2;

    private readonly List<GroundedRow> _rows = [];

    /// <summary>Remembers a row, if it is one of those that are shown.</summary>
    public void Add(GroundedRow row)
    {
        if (_rows.Count < images && !row.Failed)
        {
            _rows.Add(row);
        }
    }

    public void Print(IAnsiConsole console)
    {
        bool colors = console.Profile.Capabilities is { Ansi: true, Unicode: true, ColorSystem: not ColorSystem.NoColors };
        foreach (GroundedRow row in _rows)
        {
            console.WriteLine();
            console.WriteLine($"{Path.GetFileName(row.ImagePath)}, {row.Species}");
            // Files have no width: as much as a common terminal is wide.
            int width = Math.Min(console.Profile.Width, 160);
            using GroundingOverlay? background = colors ? Background(row) : null;
            IRenderable[] panels = [.. Enumerable.Range(0, queries.Count).Select(query => Panel(row, query, background))];
            int cell = Gap + (colors ? Edge : 2 * GridOf(row).Width);
            foreach (IRenderable[] line in panels.Chunk(Math.Max(width / cell, 1)))
            {
                var grid = new Grid();
                for (int column = 0; column < line.Length; column++)
                {
                    grid.AddColumn(
                        new GridColumn
                        {
                            Width = cell - Gap,
                            NoWrap = true,
                            Padding = new Padding(0, 0, Gap, 0),
                        }
                    );
                }

                console.Write(grid.AddRow(line));
            }
        }
    }

    private static MapGrid GridOf(GroundedRow row) => ImageGeometry.FromVector(row.Geometry).Grid;

    private GroundingOverlay Background(GroundedRow row)
    {
        using MLImage image = ImageFile.Load(row.ImagePath, loading);
        return new GroundingOverlay(image, ImageGeometry.FromVector(row.Geometry), new GroundingOverlayOptions { LongEdge = Edge });
    }

    /// <summary>A map over the background, or where there is none, in plain characters.</summary>
    private Rows Panel(GroundedRow row, int query, GroundingOverlay? background)
    {
        string outcome =
            float.IsNaN(row.Hit[query]) ? ""
            : row.Hit[query] != 0 ? FormattableString.Invariant($" hit {row.Mpir[query]:0.0}")
            : " miss";
        Text caption = new(queries[query] + outcome);
        if (background is null)
        {
            return new Rows(caption, new Text(TerminalMap.Of(row.MapOf(query), GridOf(row))));
        }

        using GroundingOverlay overlay = background.Copy();
        using MLImage picture = overlay.DrawMap(row.MapOf(query)).DrawRegion(row.MapOf(query), threshold).ToImage();
        return new Rows(caption, new TerminalPicture(picture));
    }
}
