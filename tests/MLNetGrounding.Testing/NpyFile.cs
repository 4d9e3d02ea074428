using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetGrounding.Testing;

/// <summary>One array of a NumPy .npy file: little-endian f4, f8, i8, or u1, b1, in C order.</summary>
public sealed partial class NpyFile
{
    private readonly string _path;
    private readonly string _type;
    private readonly byte[] _data;

    private NpyFile(string path, string type, int[] shape, byte[] data)
    {
        _path = path;
        _type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>Sizes of the dimensions, outermost first.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => product * size);

    public static NpyFile Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 10 || file[0] != 0x93 || !file.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{path} is not an .npy file.");
        }
        (int headerStart, int headerLength) =
            file[6] == 1
                ? (10, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)))
                : (12, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)));
        string header = Encoding.ASCII.GetString(file, headerStart, headerLength);
        Match match = Header().Match(header);
        if (!match.Success || match.Groups["order"].Value != "False")
        {
            throw new InvalidDataException($"{path}: the header '{header.Trim()}' is not that of a C-ordered array.");
        }
        int[] shape = match
            .Groups["shape"]
            .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => int.Parse(size, CultureInfo.InvariantCulture))
            .ToArray();
        return new NpyFile(path, match.Groups["type"].Value, shape, file[(headerStart + headerLength)..]);
    }

    /// <summary>The elements of an f4 or f8 array as float.</summary>
    public float[] Floats() => _type == "<f8" ? Array.ConvertAll(As<double>("<f8"), value => (float)value) : As<float>("<f4");

    /// <summary>The elements of an f4 or f8 array as double.</summary>
    public double[] Doubles() => _type == "<f4" ? Array.ConvertAll(As<float>("<f4"), value => (double)value) : As<double>("<f8");

    /// <summary>The elements of an i4 or i8 array.</summary>
    public long[] Longs() => _type == "<i4" ? Array.ConvertAll(As<int>("<i4"), value => (long)value) : As<long>("<i8");

    public byte[] Bytes() => As<byte>("|u1");

    public bool[] Booleans() => Array.ConvertAll(As<byte>("|b1"), value => value != 0);

    private T[] As<T>(string type)
        where T : unmanaged
    {
        if (_type != type)
        {
            throw new InvalidDataException($"{_path} holds {_type}, not {type}.");
        }
        T[] values = MemoryMarshal.Cast<byte, T>(_data).ToArray();
        return values.Length == Count
            ? values
            : throw new InvalidDataException($"{_path} holds {values.Length} elements, its shape says {Count}.");
    }

    [GeneratedRegex(@"'descr':\s*'(?<type>[^']+)',\s*'fortran_order':\s*(?<order>\w+),\s*'shape':\s*\((?<shape>[^)]*)\)")]
    private static partial Regex Header();
}
