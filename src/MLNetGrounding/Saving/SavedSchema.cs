using System.IO.Compression;
using System.Text;

namespace MLNetGrounding.Saving;

/// <summary>
/// Looks through the schema of a saved model, a file of ML.NET's binary format without rows, before ML.NET reads it, which believes every
/// length in it. What passes is read in bounded time and memory; what ML.NET refuses by itself is left to it.
/// </summary>
/// <remarks>
/// Layout, little-endian: a header of 256 bytes (signature, version, oldest version that reads it, places of the table of columns and of
/// the closing signature, rows, columns). For each column its name, its codec (name, length and parameters), how it is packed, rows of a
/// block, places of its blocks and of its annotations. For each annotation its kind, codec and packing, place and length of its value.
/// </remarks>
internal sealed class SavedSchema : IDisposable
{
    /// <summary>The name of the entry in a saved model.</summary>
    public const string EntryName = "Schema";

    /// <summary>The longest schema that is read, packed or unpacked.</summary>
    public const int LargestContent = 64 << 20;

    private const int HeaderLength = 256;
    private const ulong Signature = 0x00425644004C4D43;
    private const ulong ClosingSignature = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const int MostColumns = 1 << 16;
    private const byte Stored = 0;
    private const byte Deflated = 1;

    private readonly MemoryStream _content;
    private readonly BinaryReader _reader;
    private long _end;
    private long _unpacked;

    private SavedSchema(byte[] content)
    {
        _content = new MemoryStream(content, writable: false);
        _reader = new BinaryReader(_content, Encoding.UTF8);
    }

    /// <summary>Looks through a schema.</summary>
    /// <param name="content">The whole entry.</param>
    /// <param name="file">The saved model, for messages.</param>
    /// <exception cref="SavedModelException">It is damaged, or describes what is beyond all bounds.</exception>
    public static void Check(byte[] content, string file)
    {
        try
        {
            using var schema = new SavedSchema(content);
            schema.CheckAll();
        }
        catch (Exception exception)
            when (exception is EndOfStreamException or FormatException or InvalidDataException or DecoderFallbackException)
        {
            throw new SavedModelException(
                $"'{file}' is damaged: '{EntryName}', which describes the columns that the model reads, cannot be read: {exception.Message}"
            );
        }
    }

    public void Dispose() => _reader.Dispose();

    private void CheckAll()
    {
        Require(_content.Length >= HeaderLength && _reader.ReadUInt64() == Signature, "it is no schema");
        Require(_reader.ReadUInt64() == Version && _reader.ReadUInt64() == Version, "it has another version than is known");
        long columnsAt = _reader.ReadInt64();
        _end = _reader.ReadInt64();
        Require(_reader.ReadInt64() == 0, "it has rows");
        int columns = _reader.ReadInt32();
        Require(columns is >= 0 and <= MostColumns, $"it has {columns} columns");
        Require(_end >= HeaderLength && _end <= _content.Length - sizeof(ulong), "it does not say where it ends");
        _content.Position = _end;
        Require(_reader.ReadUInt64() == ClosingSignature, "it does not end as it should");
        if (columns > 0)
        {
            Seek(columnsAt);
        }

        for (int column = 0; column < columns; column++)
        {
            string name = _reader.ReadString();
            _ = SchemaCodec.Read(_reader, $"column '{name}'");
            Require(_reader.ReadByte() <= Deflated, $"column '{name}' is packed in an unknown way");
            _ = _reader.Read7BitEncodedInt64();
            _ = _reader.ReadInt64();
            long annotationsAt = _reader.ReadInt64();
            if (annotationsAt != 0)
            {
                long next = _content.Position;
                Seek(annotationsAt);
                CheckAnnotations(name);
                _content.Position = next;
            }
        }
    }

    private void CheckAnnotations(string column)
    {
        long count = _reader.Read7BitEncodedInt64();
        Require(count is > 0 and <= MostColumns, $"column '{column}' has {count} annotations");
        for (long annotation = 0; annotation < count; annotation++)
        {
            string name = $"annotation '{_reader.ReadString()}' of column '{column}'";
            var codec = SchemaCodec.Read(_reader, name);
            byte packing = _reader.ReadByte();
            Require(packing <= Deflated, $"{name} is packed in an unknown way");
            long place = _reader.ReadInt64();
            long length = _reader.Read7BitEncodedInt64();
            Require(place >= HeaderLength && place <= _end && length > 0 && length <= _end - place, $"{name} lies outside of it");
            long next = _content.Position;
            codec.CheckValue(Unpack(place, (int)length, packing), name);
            _content.Position = next;
        }
    }

    private MemoryStream Unpack(long place, int length, byte packing)
    {
        _content.Position = place;
        byte[] packed = _reader.ReadBytes(length);
        if (packing == Stored)
        {
            Count(length);
            return new MemoryStream(packed, writable: false);
        }

        var unpacked = new MemoryStream();
        using var stream = new DeflateStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 12];
        for (int count; (count = stream.Read(buffer)) > 0; )
        {
            Count(count);
            unpacked.Write(buffer, 0, count);
        }

        unpacked.Position = 0;
        return unpacked;
    }

    /// <summary>Columns may share annotations, and ML.NET unpacks them for each.</summary>
    private void Count(int bytes) => Require((_unpacked += bytes) <= LargestContent, $"it unpacks to more than {LargestContent >> 20} MiB");

    private void Seek(long place)
    {
        Require(place >= HeaderLength && place <= _end, "it refers to a place outside of it");
        _content.Position = place;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise + ".");
        }
    }
}
