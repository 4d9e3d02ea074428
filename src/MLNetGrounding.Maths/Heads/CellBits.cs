using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Active cells as bits: a row of the grid is a word, its first column the lowest bit.</summary>
internal static class CellBits
{
    /// <summary>Cells in a word, so the widest grid whose rows are words.</summary>
    public const int PerWord = 64;

    /// <summary>
    /// Words that <see cref="Mark"/> needs for a map in raster order; the last one lets <see cref="Rows"/> read past the end.
    /// </summary>
    public static int WordsFor(int cells) => (cells + PerWord - 1) / PerWord + 1;

    /// <summary>Marks the cells of at least <paramref name="smallest"/>.</summary>
    /// <param name="map">Values, <c>[cells]</c>.</param>
    /// <param name="smallest">The smallest active value.</param>
    /// <param name="words">Receives the cells in raster order, <see cref="WordsFor"/> words.</param>
    /// <returns>Number of active cells.</returns>
    public static int Mark(ReadOnlySpan<float> map, float smallest, Span<ulong> words)
    {
        const int VectorsPerWord = PerWord / 8;
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(map);
        var threshold = Vector256.Create(smallest);
        int count = 0;
        for (int index = 0; index < words.Length; index++)
        {
            ulong word = 0UL;
            ReadOnlySpan<Vector256<float>> inWord = vectors[
                Math.Min(index * VectorsPerWord, vectors.Length)..Math.Min((index + 1) * VectorsPerWord, vectors.Length)
            ];
            for (int vector = inWord.Length - 1; vector >= 0; vector--)
            {
                word =
                    word << Vector256<float>.Count | Vector256.GreaterThanOrEqual(inWord[vector], threshold).ExtractMostSignificantBits();
            }
            words[index] = word;
            count += BitOperations.PopCount(word);
        }
        for (int cell = vectors.Length * Vector256<float>.Count; cell < map.Length; cell++)
        {
            int active = map[cell] >= smallest ? 1 : 0;
            words[cell / PerWord] |= (ulong)active << (cell % PerWord);
            count += active;
        }
        return count;
    }

    /// <summary>Cuts cells in raster order into rows of at most <see cref="PerWord"/> columns.</summary>
    public static void Rows(ReadOnlySpan<ulong> words, int width, Span<ulong> rows)
    {
        ulong mask = ulong.MaxValue >> (PerWord - width);
        for (int row = 0; row < rows.Length; row++)
        {
            (int word, int shift) = Math.DivRem(row * width, PerWord);
            // Two shifts, because a shift by 64 is one by 0.
            rows[row] = (words[word] >> shift | words[word + 1] << 1 << (PerWord - 1 - shift)) & mask;
        }
    }
}
