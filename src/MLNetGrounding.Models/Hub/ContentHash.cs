using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLNetGrounding.Models.Hub;

/// <summary>Computes the id of a content while it is written: its sha256, or the id that git gives a file of its size.</summary>
internal sealed class ContentHash : IDisposable
{
    private const int Sha256Digits = 64;

    private readonly IncrementalHash _hash;
    private readonly byte[] _start;

    /// <summary>Begins a content.</summary>
    /// <param name="expectedId">64 hexadecimal digits of a sha256, or 40 of a git id.</param>
    /// <param name="size">The bytes of the content, which are part of a git id.</param>
    public ContentHash(string expectedId, long size)
    {
        bool plain = expectedId.Length == Sha256Digits;
        _hash = IncrementalHash.CreateHash(plain ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        _start = plain ? [] : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0"));
        _hash.AppendData(_start);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Forgets the content so far.</summary>
    public void Restart()
    {
        _hash.GetHashAndReset();
        _hash.AppendData(_start);
    }

    /// <summary>The id of the content so far.</summary>
    public string Finish() => Convert.ToHexString(_hash.GetCurrentHash()).ToLowerInvariant();

    public void Dispose() => _hash.Dispose();
}
