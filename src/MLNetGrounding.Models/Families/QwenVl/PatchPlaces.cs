using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Where in the image the patches are that a tower reads one after the other.</summary>
internal sealed class PatchPlaces
{
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly int _height;
    private readonly int _width;

    /// <param name="grid">The grid of cells.</param>
    /// <param name="merge">Side of a cell in patches.</param>
    /// <param name="cells">The cells in the order in which they are read.</param>
    public PatchPlaces(MapGrid grid, int merge, IReadOnlyList<int> cells)
    {
        (_height, _width) = (grid.Height * merge, grid.Width * merge);
        int patches = merge * merge;
        _rows = new int[cells.Count * patches];
        _columns = new int[_rows.Length];
        for (int patch = 0; patch < _rows.Length; patch++)
        {
            (int cell, int part) = (cells[patch / patches], patch % patches);
            _rows[patch] = (cell / grid.Width * merge) + (part / merge);
            _columns[patch] = (cell % grid.Width * merge) + (part % merge);
        }
    }

    /// <summary>Rows of the patches.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>Columns of the patches.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>Turns a head's first half of pairs by the row and the second by the column, with the same frequencies.</summary>
    public RotaryTable Rotation(int headSize, double theta, ScalarType type, Device device)
    {
        float[] frequencies = new RotarySettings { Theta = theta }
            .Frequencies(headSize / 2)
            .ToFloats();
        int pairs = headSize / 2;
        float[] angles = new float[_rows.Length * pairs];
        for (int patch = 0; patch < _rows.Length; patch++)
        {
            for (int pair = 0; pair < frequencies.Length; pair++)
            {
                angles[(patch * pairs) + pair] = _rows[patch] * frequencies[pair];
                angles[(patch * pairs) + frequencies.Length + pair] = _columns[patch] * frequencies[pair];
            }
        }

        return new RotaryTable(tensor(angles, [_rows.Length, pairs]), type, device);
    }

    /// <summary>
    /// A square table of positions stretched over the image, corners to corners, bilinear between its entries, <c>[patches, width]</c> in
    /// float32.
    /// </summary>
    /// <param name="table"><c>[side * side, width]</c>, row by row.</param>
    /// <param name="side">Side of the table.</param>
    public Tensor Stretch(Tensor table, int side)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? sum = null;
        foreach ((bool lower, bool right) in (ReadOnlySpan<(bool, bool)>)[(false, false), (false, true), (true, false), (true, true)])
        {
            long[] entries = new long[_rows.Length];
            float[] weights = new float[_rows.Length];
            for (int patch = 0; patch < entries.Length; patch++)
            {
                (int row, float vertical) = Along(_rows[patch], _height, side, lower);
                (int column, float horizontal) = Along(_columns[patch], _width, side, right);
                entries[patch] = (row * side) + column;
                weights[patch] = vertical * horizontal;
            }

            Tensor part =
                table.index_select(0, tensor(entries, device: table.device)).to(ScalarType.Float32)
                * tensor(weights, [weights.Length, 1], device: table.device);
            sum = sum is null ? part : sum.PlusInPlace(part);
        }

        return sum!.MoveToOuterDisposeScope();
    }

    /// <summary>One of the two entries beside a place, and its weight.</summary>
    private static (int Entry, float Weight) Along(int index, int count, int side, bool second)
    {
        float place = count == 1 ? 0 : (float)((double)index * (side - 1) / (count - 1));
        int first = (int)MathF.Floor(place);
        float rest = place - first;
        return second ? (Math.Min(first + 1, side - 1), rest) : (first, 1 - rest);
    }
}
