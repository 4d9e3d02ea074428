using MLNetGrounding.Testing;

namespace MLNetGrounding.Scoring;

/// <summary>One picture with annotations and two methods' maps.</summary>
internal sealed class MapRow
{
    public MapRow(int id, Random random)
    {
        Id = id;
        (int width, int height) = (80 + (id % 7), 60 + (id % 5));
        SquareGeometry.Create(ImageFit.Pad, width, height, MapRows.Grid * 14, MapRows.Grid).CopyTo(Geometry);
        KeyPoints = [.. Enumerable.Range(0, 15).SelectMany(_ => new[] { random.NextSingle() * width, random.NextSingle() * height })];
        Visible = [.. Enumerable.Range(0, 15).Select(_ => random.Next(4) == 0 ? 0f : 1f)];
        Box = [10, 5, 50, 40];
        First = Peaked(random);
        Second = Peaked(random);
    }

    public int Id { get; set; }

    public float[] Geometry { get; } = new float[ImageGeometry.Length];

    public float[] KeyPoints { get; }

    public float[] Visible { get; }

    public float[] Box { get; }

    public float[] First { get; }

    public float[] Second { get; }

    private static float[] Peaked(Random random) =>
        [.. Enumerable.Range(0, MapRows.Queries.Length * MapRows.Grid * MapRows.Grid).Select(_ => MathF.Pow(random.NextSingle(), 6))];
}
