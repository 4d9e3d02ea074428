using System.Globalization;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Images;

/// <summary>A file of tests/Fixtures/images and what Pillow shows of it.</summary>
internal sealed record ImageKind(string Name, int Width, int Height, int AllowedDifference, byte[] Rgb)
{
    public string Path => TestData.Fixture($"images/{Name}");

    public static IEnumerable<ImageKind> All() =>
        File.ReadLines(TestData.Fixture("images/pixels.tsv"))
            .Select(line => line.Split('\t'))
            .Select(fields => new ImageKind(
                fields[0],
                Number(fields[1]),
                Number(fields[2]),
                Number(fields[3]),
                Convert.FromBase64String(fields[4])
            ));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
