using System.Security.Cryptography;
using System.Text;

namespace MLNetGrounding.Testing.Hub;

/// <summary>A file of a made-up repository; large ones are kept in a store, as git-lfs does.</summary>
public sealed class HubRepositoryFile
{
    public HubRepositoryFile(string path, byte[] content, bool isLarge = false)
    {
        Path = path;
        Content = content;
        Sha256 = isLarge ? Hex(SHA256.HashData(content)) : null;
        Pointer = isLarge
            ? Encoding.ASCII.GetBytes($"version https://git-lfs.github.com/spec/v1\noid sha256:{Sha256}\nsize {content.Length}\n")
            : [];
        byte[] stored = isLarge ? Pointer : content;
#pragma warning disable CA5350 // The ids of git are what they are.
        GitId = Hex(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {stored.Length}\0"), .. stored]));
#pragma warning restore CA5350
    }

    public HubRepositoryFile(string path, string text)
        : this(path, Encoding.UTF8.GetBytes(text)) { }

    public string Path { get; }

    public byte[] Content { get; }

    public byte[] Pointer { get; }

    /// <summary>Of large files only.</summary>
    public string? Sha256 { get; }

    public string GitId { get; }

    public string? XetHash { get; init; }

    /// <summary>What names it in a cache.</summary>
    public string ContentId => Sha256 ?? GitId;

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
