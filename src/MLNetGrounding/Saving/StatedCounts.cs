using System.Buffers.Binary;

namespace MLNetGrounding.Saving;

/// <summary>The numbers of columns and values that ML.NET's commonest components state, held against the bytes that are there.</summary>
/// <remarks>
/// ML.NET makes room for as many as a component claims to have before it reads the first, and reads for ever where there are fewer.
/// Numbers are little-endian and have four bytes but where one is said; names are numbers too, into a table that ML.NET holds against the
/// file itself.
/// </remarks>
internal static class StatedCounts
{
    /// <summary>How many slots of a vector a component may speak of that states values for few of them.</summary>
    private const int MostSlots = 1 << 26;

    /// <summary>Whether what a component states finds room in its own bytes; a component that is not known here passes.</summary>
    /// <param name="loader">The name of its loader.</param>
    /// <param name="own">Its own bytes, from their first.</param>
    /// <param name="length">How many there are.</param>
    public static bool Fit(string loader, Stream own, long length)
    {
        var bytes = new OwnBytes(own, length);
        try
        {
            switch (loader)
            {
                case "ConcatTransform":
                    Concatenation(bytes);
                    break;
                case "Normalizer":
                    Normalizer(bytes);
                    break;
                case "AffineNormExec":
                    Affine(bytes);
                    break;
                case "BinNormExec":
                    Bins(bytes);
                    break;
                case "CdfNormalizeFunction":
                    Distribution(bytes);
                    break;
                default:
                    if (KnownLoaders.WithColumns.Contains(loader))
                    {
                        bytes.Skip(bytes.Count(), 2 * sizeof(int));
                    }

                    break;
            }

            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>For each column its name, the number of its sources, and for each of these its name and another.</summary>
    private static void Concatenation(OwnBytes bytes)
    {
        int columns = bytes.Count();
        for (int column = 0; column < columns; column++)
        {
            bytes.Skip(1, sizeof(int));
            bytes.Skip(bytes.Count(), 2 * sizeof(int));
        }
    }

    /// <summary>For each column its two names; then for each whether it is a vector, its kind (a byte each) and its dimensions.</summary>
    private static void Normalizer(OwnBytes bytes)
    {
        int columns = bytes.Count();
        bytes.Skip(columns, 2 * sizeof(int));
        for (int column = 0; column < columns; column++)
        {
            bool isVector = bytes.Byte() != 0;
            bytes.Skip(1, sizeof(byte));
            if (isVector)
            {
                bytes.Skip(bytes.Count(), sizeof(int));
            }
        }
    }

    /// <summary>The size of a number, the slots, which of them are stated (-1: all), the scales, the offsets or none.</summary>
    private static void Affine(OwnBytes bytes)
    {
        int size = bytes.Number();
        int slots = bytes.Number();
        int stated = bytes.Number();
        if (slots is < 0 or > MostSlots || stated < -1)
        {
            throw new EndOfStreamException();
        }

        bytes.Skip(Math.Max(stated, 0), sizeof(int));
        bytes.Skip(bytes.Count(), size);
        bytes.Skip(bytes.Count(), size);
    }

    /// <summary>The size of a number, the slots, and the upper bounds of each slot's bins.</summary>
    private static void Bins(OwnBytes bytes)
    {
        int size = bytes.Number();
        int slots = bytes.Count();
        for (int slot = 0; slot < slots; slot++)
        {
            bytes.Skip(bytes.Count(), size);
        }
    }

    /// <summary>The size of a number, whether logarithms are taken (a byte), the slots, their means and their deviations.</summary>
    private static void Distribution(OwnBytes bytes)
    {
        int size = bytes.Number();
        bytes.Skip(1, sizeof(byte));
        int slots = bytes.Number();
        bytes.Skip(slots, size);
        bytes.Skip(slots, size);
    }

    private sealed class OwnBytes(Stream source, long left)
    {
        public byte Byte()
        {
            Span<byte> value = stackalloc byte[1];
            Read(value);
            return value[0];
        }

        public int Number()
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            Read(value);
            return BinaryPrimitives.ReadInt32LittleEndian(value);
        }

        /// <summary>A number of things of which each has at least a byte.</summary>
        public int Count()
        {
            int count = Number();
            return count >= 0 && count <= left ? count : throw new EndOfStreamException();
        }

        public void Skip(int count, int size)
        {
            long bytes = (long)count * size;
            if (count < 0 || size <= 0 || bytes > left)
            {
                throw new EndOfStreamException();
            }

            Span<byte> buffer = stackalloc byte[1024];
            while (bytes > 0)
            {
                Span<byte> some = buffer[..(int)Math.Min(bytes, buffer.Length)];
                Read(some);
                bytes -= some.Length;
            }
        }

        private void Read(Span<byte> value)
        {
            if (value.Length > left)
            {
                throw new EndOfStreamException();
            }

            source.ReadExactly(value);
            left -= value.Length;
        }
    }
}
