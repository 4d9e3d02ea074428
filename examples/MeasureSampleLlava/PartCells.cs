using MLNetGrounding.Maths;
using SkiaSharp;

namespace MeasureSampleLlava;

/// <summary>How many pixels of each part, and of the picture, every grid cell covers: all that overlap measures need of a mask.</summary>
internal sealed class PartCells
{
    private readonly Dictionary<string, int[]> _partPixels = [];
    private readonly int[] _pixels;

    private PartCells(int[] pixels) => _pixels = pixels;

    /// <summary>Reads the mask image that the sample dataset keeps beside each picture.</summary>
    public static PartCells Read(string imagePath, ImageGeometry geometry, int grid)
    {
        string dataset = Path.GetFullPath(Path.Combine(imagePath, "..", "..", ".."));
        string maskPath = Path.Combine(dataset, "part_masks", Path.GetRelativePath(Path.Combine(dataset, "images"), imagePath));
        using SKBitmap mask = SKBitmap.Decode(maskPath) ?? throw new InvalidDataException($"{maskPath} cannot be decoded.");
        string[] parts = [.. File.ReadLines(Path.Combine(dataset, "part_masks", "parts.txt")).Select(line => line.Split(' ')[^1])];
        byte[] levels = [.. File.ReadLines(Path.Combine(dataset, "part_masks", "parts.txt")).Select(line => byte.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        PartCells cells = new(new int[grid * grid]);
        foreach (string part in parts)
        {
            cells._partPixels[part] = new int[grid * grid];
        }

        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++)
            {
                if (geometry.TryGetCell(x + 0.5, y + 0.5, grid, out int row, out int column))
                {
                    int cell = row * grid + column;
                    cells._pixels[cell]++;
                    int part = Array.IndexOf(levels, mask.GetPixel(x, y).Red);
                    if (part >= 0)
                    {
                        cells._partPixels[parts[part]][cell]++;
                    }
                }
            }
        }

        return cells;
    }

    /// <summary>Whether any pixel of the part lies in the cell.</summary>
    public bool Reaches(string part, int cell) => _partPixels[part][cell] > 0;

    /// <summary>Intersection over union, in pixels of the picture, of the part's mask and a region of cells.</summary>
    public double Overlap(string part, ReadOnlySpan<bool> region)
    {
        int[] partPixels = _partPixels[part];
        int intersection = 0;
        int union = partPixels.Sum();
        for (int cell = 0; cell < region.Length; cell++)
        {
            if (region[cell])
            {
                intersection += partPixels[cell];
                union += _pixels[cell] - partPixels[cell];
            }
        }

        return union == 0 ? 0 : (double)intersection / union;
    }
}
