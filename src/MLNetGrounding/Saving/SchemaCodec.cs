using System.Text;

namespace MLNetGrounding.Saving;

/// <summary>
/// How values of one type lie in a file of ML.NET's binary format: what its name and parameters say, held against bounds.
/// </summary>
internal sealed class SchemaCodec
{
    private const string TextName = "TextSpan";
    private const string BooleanName = "Boolean";
    private const string VectorName = "VBuffer";
    private const string KeyName = "Key2";
    private const int MostDimensions = 64;

    /// <summary>Values of an annotation: far more than there are slots with names.</summary>
    private const int MostValues = 1 << 22;

    /// <summary>Bytes of a value; 0 where that is not one number.</summary>
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["SByte"] = 1,
        ["Byte"] = 1,
        ["Int16"] = 2,
        ["UInt16"] = 2,
        ["Int32"] = 4,
        ["UInt32"] = 4,
        ["Int64"] = 8,
        ["UInt64"] = 8,
        ["Single"] = 4,
        ["Double"] = 8,
        ["TimeSpan"] = 8,
        ["DateTime"] = 8,
        ["DateTimeOffset"] = 10,
        ["DataViewRowId"] = 16,
        [TextName] = 0,
        [BooleanName] = 0,
    };

    private readonly string _name;
    private readonly SchemaCodec? _items;
    private readonly long _length;

    private SchemaCodec(string name, SchemaCodec? items = null, long length = 0) => (_name, _items, _length) = (name, items, length);

    private bool IsVector => _name == VectorName;

    /// <summary>Reads a codec.</summary>
    /// <param name="reader">Stands where it begins, and then behind it.</param>
    /// <param name="owner">What it is the codec of, for messages.</param>
    /// <exception cref="InvalidDataException">It is not known, or out of bounds.</exception>
    public static SchemaCodec Read(BinaryReader reader, string owner) => Read(reader, owner, depth: 0);

    private static SchemaCodec Read(BinaryReader reader, string owner, int depth)
    {
        string name = reader.ReadString();
        long length = reader.Read7BitEncodedInt64();
        long start = reader.BaseStream.Position;
        SchemaCodec codec = name switch
        {
            _ when Sizes.ContainsKey(name) => new SchemaCodec(name),
            // A vector of keys is the deepest there is.
            VectorName when depth == 0 => ReadVector(reader, owner),
            KeyName when depth < 2 => ReadKey(reader, owner, depth),
            _ => throw new InvalidDataException(
                $"{owner} is of the type '{(name.Length <= 32 ? name : name[..32] + "...")}', which is not known here."
            ),
        };
        return reader.BaseStream.Position - start == length
            ? codec
            : throw new InvalidDataException($"{owner} says {length} bytes of its type '{name}', which takes others.");
    }

    private static SchemaCodec ReadVector(BinaryReader reader, string owner)
    {
        SchemaCodec items = Read(reader, owner, depth: 1);
        int count = reader.ReadInt32();
        if (count is < 0 or > MostDimensions)
        {
            throw new InvalidDataException($"{owner} has {count} dimensions.");
        }

        long length = 1;
        for (int dimension = 0; dimension < count; dimension++)
        {
            int size = reader.ReadInt32();
            length =
                size < 0 || length * size > int.MaxValue
                    ? throw new InvalidDataException(
                        $"{owner} has a dimension of {size}; expected dimensions from 0, of not more than {int.MaxValue} values together."
                    )
                    : length * size;
        }

        return new SchemaCodec(VectorName, items, count == 0 ? 0 : length);
    }

    private static SchemaCodec ReadKey(BinaryReader reader, string owner, int depth)
    {
        SchemaCodec number = Read(reader, owner, depth + 1);
        _ = reader.ReadUInt64();
        return number.IsVector || number._items is not null
            ? throw new InvalidDataException($"{owner} is a key that is no number.")
            : new SchemaCodec(number._name);
    }

    /// <summary>Holds the lengths in the one value of an annotation against what is there.</summary>
    /// <param name="content">The value, unpacked.</param>
    /// <param name="owner">The annotation, for messages.</param>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    public void CheckValue(Stream content, string owner)
    {
        using var reader = new BinaryReader(content, Encoding.UTF8);
        if (!IsVector)
        {
            CheckItems(reader, 1, owner);
            return;
        }

        int vectors = reader.ReadInt32();
        int length = reader.ReadInt32();
        Require(vectors == 1 && (_length == 0 ? length >= 0 : length == _length), owner);
        length = length == 0 ? reader.ReadInt32() : length;
        int count = reader.ReadInt32();
        int indices = reader.ReadInt32();
        Require(length is >= 0 and <= MostValues, owner);
        Require(count == -1 ? indices == 0 : count >= 0 && count < length && indices == count, owner);
        for (int index = 0, last = -1; index < indices; index++)
        {
            int next = reader.ReadInt32();
            Require(next > last && next < length, owner);
            last = next;
        }

        _items!.CheckItems(reader, count == -1 ? length : count, owner);
    }

    private void CheckItems(BinaryReader reader, int count, string owner)
    {
        if (_name == TextName)
        {
            Require(reader.ReadInt32() == count, owner);
            int end = 0;
            for (int item = 0; item < count; item++)
            {
                // The highest bit marks a text as missing.
                int next = reader.ReadInt32() & int.MaxValue;
                Require(next >= end, owner);
                end = next;
            }

            Require(reader.ReadString().Length == end, owner);
            return;
        }

        long bytes = _name == BooleanName ? ((long)count + 7) / 8 : (long)count * Sizes[_name];
        Require(reader.BaseStream.Length - reader.BaseStream.Position >= bytes, owner);
    }

    private static void Require(bool holds, string owner)
    {
        if (!holds)
        {
            throw new InvalidDataException($"the lengths in {owner} do not fit each other.");
        }
    }
}
