using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MLNetGrounding.Models.Runtime;

namespace MLNetGrounding.Saving;

/// <summary>Takes saved models apart and puts them together otherwise, the way somebody with bad intentions would.</summary>
internal static class ModelZip
{
    private const int HeaderLength = 256;
    private const int LengthOffset = HeaderLength;
    private const int HashOffset = LengthOffset + sizeof(int);
    private const int TextOffset = HashOffset + 32;

    /// <summary>The entries of a zip by name.</summary>
    public static Dictionary<string, byte[]> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using Stream stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                return content.ToArray();
            }
        );
    }

    public static void Write(string path, Dictionary<string, byte[]> entries)
    {
        File.Delete(path);
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in entries)
        {
            using Stream stream = archive.CreateEntry(name).Open();
            stream.Write(content);
        }
    }

    /// <summary>The name of the entry of one of our components, by the component's name.</summary>
    public static string EntryOf(Dictionary<string, byte[]> entries, string component) =>
        entries
            .Single(entry =>
                entry.Key.EndsWith("Model.key", StringComparison.Ordinal)
                && Encoding.UTF8.GetString(entry.Value).Contains($"\"Component\":\"{component}\"", StringComparison.Ordinal)
            )
            .Key;

    public static string TextOf(byte[] component) =>
        Encoding.UTF8.GetString(component, TextOffset, BinaryPrimitives.ReadInt32LittleEndian(component.AsSpan(LengthOffset)));

    /// <summary>A component with another text, with length, hash and all places in ML.NET's header as they must be.</summary>
    public static byte[] WithText(byte[] component, string text)
    {
        int oldLength = BinaryPrimitives.ReadInt32LittleEndian(component.AsSpan(LengthOffset));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] changed = [.. component[..TextOffset], .. bytes, .. component[(TextOffset + oldLength)..]];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(LengthOffset), bytes.Length);
        SHA256.HashData(bytes).CopyTo(changed.AsSpan(HashOffset));

        // The component's length, and the places after it: string table, characters, tail, end, assembly name; 0 stands for none.
        foreach (int offset in new[] { 24, 32, 48, 128, 136, 144 })
        {
            long place = BinaryPrimitives.ReadInt64LittleEndian(changed.AsSpan(offset));
            BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(offset), place == 0 ? 0 : place + bytes.Length - oldLength);
        }

        return changed;
    }
}
