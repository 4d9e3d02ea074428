using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.Normalizers;

/// <summary>Unicode's normalization form C, with tables of its own: it needs no ICU and is the same everywhere.</summary>
/// <remarks>
/// A composed character keeps the range of its base alone, and marks that change places leave their ranges where they were. Each part of
/// the decomposed text carries 0 if it is the first of an original character and 1 if it is a further one; a result takes the next original
/// character, or shares the previous one's range, by the sum of its parts.
/// </remarks>
internal sealed class NfcNormalizer : INormalizer
{
    public ReadOnlyMemory<AlignedCharacter> Normalize(ReadOnlyMemory<AlignedCharacter> text)
    {
        ReadOnlySpan<AlignedCharacter> original = text.Span;
        if (!HasAffected(original))
        {
            return text;
        }

        List<Part> parts = Decompose(original);
        Order(parts);
        return Align(Compose(parts), original);
    }

    private static bool HasAffected(ReadOnlySpan<AlignedCharacter> text)
    {
        foreach (AlignedCharacter character in text)
        {
            if (character.Value >= CanonicalMappings.FirstAffected)
            {
                return true;
            }
        }

        return false;
    }

    private static List<Part> Decompose(ReadOnlySpan<AlignedCharacter> original)
    {
        List<Part> parts = new(original.Length);
        List<int> decomposed = [];
        foreach (AlignedCharacter character in original)
        {
            decomposed.Clear();
            CanonicalMappings.Decompose(character.Value, decomposed);
            for (int index = 0; index < decomposed.Count; index++)
            {
                parts.Add(new Part(decomposed[index], CanonicalMappings.ClassOf(decomposed[index]), index == 0 ? 0 : 1));
            }
        }

        return parts;
    }

    /// <summary>Sorts each run of marks by class; equal ones keep their order.</summary>
    private static void Order(List<Part> parts)
    {
        for (int start = 0; start < parts.Count; start++)
        {
            int end = start;
            bool sorted = true;
            for (; end < parts.Count && parts[end].Class != 0; end++)
            {
                sorted &= end == start || parts[end - 1].Class <= parts[end].Class;
            }

            if (!sorted)
            {
                Part[] run = [.. parts.GetRange(start, end - start).OrderBy(part => part.Class)];
                for (int index = 0; index < run.Length; index++)
                {
                    parts[start + index] = run[index];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    /// <summary>Composes each starter with the marks that nothing keeps from it.</summary>
    private static List<Part> Compose(List<Part> parts)
    {
        List<Part> composed = new(parts.Count);
        int starter = -1;
        int previousClass = -1;
        foreach (Part part in parts)
        {
            // Between starter and part only marks of lower class may stand, or nothing at all.
            bool reaches = starter >= 0 && previousClass < part.Class;
            if (reaches && CanonicalMappings.Compose(composed[starter].Value, part.Value) is >= 0 and var whole)
            {
                composed[starter] = new Part(whole, 0, composed[starter].Change + part.Change - 1);
                continue;
            }

            if (part.Class == 0)
            {
                starter = composed.Count;
                previousClass = -1;
            }
            else
            {
                previousClass = part.Class;
            }

            composed.Add(part);
        }

        return composed;
    }

    private static AlignedCharacter[] Align(List<Part> composed, ReadOnlySpan<AlignedCharacter> original)
    {
        var result = new AlignedCharacter[composed.Count];
        int next = 0;
        for (int index = 0; index < result.Length; index++)
        {
            Part part = composed[index];
            AlignedCharacter source = original[part.Change > 0 ? Math.Max(next - 1, 0) : next];
            result[index] = source with { Value = part.Value };
            next += part.Change > 0 ? 0 : 1 - part.Change;
        }

        return result;
    }

    /// <param name="Value">The character.</param>
    /// <param name="Class">Its combining class.</param>
    /// <param name="Change">1 where the text grows by it, 0 where it takes the place of one character, -n where it takes that of n +
    /// 1.</param>
    private readonly record struct Part(int Value, byte Class, int Change);
}
