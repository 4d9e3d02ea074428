namespace TrainSampleLlava;

/// <summary>
/// Images <c>[batch, size, size, 3]</c>, suffixes <c>[batch, suffix]</c> and expectations <c>[batch, rows, answers]</c>.
/// </summary>
internal sealed record ExampleBatch(IReadOnlyList<Subject> Subjects, byte[] Rgb, long[] SuffixIds, float[] Expected)
{
    public int Count => Subjects.Count;

    public static ExampleBatch Of(IReadOnlyList<SubjectExample> examples) =>
        new(
            [.. examples.Select(example => example.Subject)],
            Join([.. examples.Select(example => example.Rgb)]),
            Join([.. examples.Select(example => example.SuffixIds)]),
            Join([.. examples.Select(example => example.Expected)])
        );

    private static T[] Join<T>(IReadOnlyList<T[]> parts)
    {
        var joined = new T[parts.Sum(part => part.Length)];
        int at = 0;
        foreach (T[] part in parts)
        {
            part.CopyTo(joined, at);
            at += part.Length;
        }

        return joined;
    }
}
