using System.Buffers.Binary;
using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>The header of one safetensors file: where each tensor lies. Nothing of the data is read.</summary>
/// <remarks>Format: 8 bytes little-endian header length, a JSON header, then the data that the header's offsets point into.</remarks>
internal sealed class SafetensorsFile
{
    private const int LengthBytes = 8;

    // Several times what the largest public checkpoints need; a limit on the memory that a damaged file can ask for.
    private const long LongestHeader = 32 << 20;

    private SafetensorsFile(
        string path,
        FileStamp stamp,
        IReadOnlyDictionary<string, SafetensorsEntry> entries,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        Path = path;
        Stamp = stamp;
        Entries = entries;
        Metadata = metadata;
    }

    public string Path { get; }

    /// <summary>What the file was when its header was read.</summary>
    public FileStamp Stamp { get; }

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public static SafetensorsFile Open(string path)
    {
        var stamp = FileStamp.Of(path);
        using FileStream stream = CheckpointFile.OpenRead(path);
        try
        {
            return Read(path, stamp, stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(path, exception);
        }
    }

    private static SafetensorsFile Read(string path, FileStamp stamp, FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
        {
            throw new CheckpointException(path, $"truncated: a safetensors file has at least {LengthBytes} bytes, found {stream.Length}.");
        }

        CheckpointFile.RefusePointer(path, Beginning(stream));
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength is < 2 or > LongestHeader || headerLength > stream.Length - LengthBytes)
        {
            throw new CheckpointException(
                path,
                $"the header claims {(ulong)headerLength} bytes, but {stream.Length - LengthBytes} follow its length; not a safetensors file, or a truncated one."
            );
        }

        byte[] header = new byte[headerLength];
        stream.ReadExactly(header);
        using JsonDocument document = StrictJson.Parse(path, header, "the header");
        return Parse(path, stamp, document.RootElement, LengthBytes + headerLength, stream.Length);
    }

    private static byte[] Beginning(FileStream stream)
    {
        byte[] beginning = new byte[64];
        stream.Position = 0;
        int count = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        stream.Position = LengthBytes;
        return beginning[..count];
    }

    private static SafetensorsFile Parse(string path, FileStamp stamp, JsonElement header, long dataStart, long fileLength)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw new CheckpointException(path, "the header is not a JSON object.");
        }

        Dictionary<string, SafetensorsEntry> entries = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name != "__metadata__")
            {
                entries.Add(property.Name, ParseEntry(path, property, dataStart, fileLength));
            }
            else if (property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty item in property.Value.EnumerateObject())
                {
                    metadata[item.Name] = item.Value.ToString();
                }
            }
        }

        return new SafetensorsFile(path, stamp, entries, metadata);
    }

    private static SafetensorsEntry ParseEntry(string path, JsonProperty property, long dataStart, long fileLength)
    {
        try
        {
            string typeName = property.Value.GetProperty("dtype").GetString() ?? "";
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            JsonElement offsets = property.Value.GetProperty("data_offsets");
            long begin = offsets[0].GetInt64();
            long end = offsets[1].GetInt64();
            if (begin < 0 || end < begin || end > fileLength - dataStart)
            {
                throw new CheckpointException(
                    path,
                    $"data offsets [{begin}, {end}] lie outside the {fileLength - dataStart} data bytes; the file is damaged or truncated.",
                    property.Name
                );
            }

            if (shape.Any(size => size < 0))
            {
                throw new CheckpointException(path, $"negative size in shape [{string.Join(", ", shape)}].", property.Name);
            }

            SafetensorsEntry entry = new(property.Name, typeName, StoredType.TryParse(typeName), shape, dataStart + begin, end - begin);
            if (
                entry.Type is { } type
                && checked(shape.Aggregate(1L, (product, size) => checked(product * size)) * StoredType.Size(type)) != entry.ByteLength
            )
            {
                throw new CheckpointException(
                    path,
                    $"shape [{string.Join(", ", shape)}] of {typeName} does not fill {entry.ByteLength} bytes.",
                    property.Name
                );
            }

            return entry;
        }
        catch (Exception exception)
            when (exception
                    is KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or IndexOutOfRangeException
                        or OverflowException
            )
        {
            throw new CheckpointException(
                path,
                $"malformed header entry {StrictJson.Shown(property.Value)}; expected dtype, shape and two data_offsets.",
                property.Name,
                exception
            );
        }
    }
}
