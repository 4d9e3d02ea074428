using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Peers;

/// <summary>One folder of what another project's own code was given and gives.</summary>
/// <param name="peer">The project's folder below <c>golden2/peers</c>.</param>
/// <param name="folder">The folder in it.</param>
internal sealed class PeerCase(string peer, string folder)
{
    private const string Root = "peers";

    // Of the largest value.
    private const double MapLimit = 1e-5;

    private readonly GoldenCase _result = new($"{Root}/{peer}", folder);

    /// <summary>The folder's name.</summary>
    public string Folder => folder;

    /// <summary>Names of a project's folders that hold a file, as data of a test.</summary>
    public static IEnumerable<object[]> Of(string peer, string file) =>
        GoldenFolders.Folders(Path.Combine(Root, peer), file).Select(name => new object[] { name });

    public bool Has(string array) => File.Exists(PathOf(array + ".npy"));

    public NpyFile Read(string array) => NpyFile.Read(PathOf(array + ".npy"));

    /// <summary>Names of the arrays that begin as said, without their extension.</summary>
    public IReadOnlyList<string> Arrays(string start) =>
        [
            .. Directory
                .GetFiles(PathOf("."), start + "*.npy")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A whole number.</summary>
    public int Number(string array) => (int)Read(array).Longs()[0];

    public int[] Numbers(string array) => Array.ConvertAll(Read(array).Longs(), value => (int)value);

    public string[] Texts(string name) => JsonSerializer.Deserialize<string[]>(File.ReadAllText(PathOf(name + ".json")))!;

    /// <summary>Where the image's tokens begin: the one run of as many equal ids.</summary>
    public int ImageStart(string ids, int tokens)
    {
        int[] all = Numbers(ids);
        return Enumerable.Range(0, all.Length - tokens + 1).First(start => all.AsSpan(start, tokens).IndexOfAnyExcept(all[start]) < 0);
    }

    /// <summary>Bits as NumPy packs them along rows, highest first.</summary>
    public bool[] Bits(string array, int width)
    {
        NpyFile packed = Read(array);
        byte[] bytes = packed.Bytes();
        int line = packed.Shape[1];
        return
        [
            .. from row in Enumerable.Range(0, packed.Shape[0])
            from column in Enumerable.Range(0, width)
            select (bytes[(row * line) + (column / 8)] >> (7 - (column % 8)) & 1) != 0,
        ];
    }

    /// <summary>A folder beside this one, or <see langword="null"/>.</summary>
    public PeerCase? Beside(string other) =>
        Directory.Exists(Path.Combine(GoldenFolders.Require(Root, peer), other)) ? new PeerCase(peer, other) : null;

    /// <summary>
    /// Compares maps; a stored NaN, which the project's own division of zero by zero makes, is expected to be 0, what it becomes as a byte.
    /// </summary>
    public void Close(string array, ReadOnlySpan<float> actual) => Close(array, Read(array).Floats(), actual);

    /// <summary>Compares a part of an array.</summary>
    /// <param name="array">The array's name.</param>
    /// <param name="expected">What is stored.</param>
    /// <param name="actual">What is found.</param>
    /// <param name="limit">How far they may be apart, as a share of the largest number that is stored.</param>
    public void Close(string array, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double limit = MapLimit)
    {
        float[] stored = Array.ConvertAll(expected.ToArray(), value => float.IsNaN(value) ? 0 : value);
        Assert.IsFalse(stored.Any(float.IsInfinity), $"{folder}: {array} holds infinity, which no limit is a share of.");
        _result.Close(array, stored, actual, limit * stored.Select(value => Math.Abs(value)).DefaultIfEmpty(0).Max());
    }

    public void Equal<T>(string array, IReadOnlyList<T> expected, IReadOnlyList<T> actual) => _result.Equal(array, expected, actual);

    /// <summary>Fails where something lies beyond its limit.</summary>
    public void Complete() => _result.Complete();

    private string PathOf(string file) => Path.Combine(GoldenFolders.Require(Root, peer, folder), file);
}
