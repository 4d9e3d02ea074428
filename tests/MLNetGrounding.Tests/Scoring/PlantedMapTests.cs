using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Scoring;

/// <summary>The 200 real images: what the loader reads of them, and maps of one hot cell at each real key point.</summary>
[TestClass]
public sealed class PlantedMapTests
{
    private const int Grid = 24;
    private const int InputSize = 336;

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void EveryAttributeIsScoredAsOftenAsItIsVisible()
    {
        IDataView data = Score(Plant(ImageFit.Pad, out _));
        GroundingMetrics metrics = _ml.Grounding.Evaluate(data);
        var expected = new Dictionary<string, int>
        {
            ["beak"] = 200,
            ["belly"] = 183,
            ["breast"] = 189,
            ["head"] = 200,
            ["wing"] = 200,
            ["eye"] = 198,
            ["tail"] = 191,
            ["throat"] = 197,
            ["back"] = 167,
            ["leg"] = 171,
        };
        Assert.AreEqual(200, metrics.RowCount);
        foreach (AttributeMetrics attribute in metrics.Attributes)
        {
            Assert.AreEqual(expected[attribute.Name], attribute.Count, attribute.Name);
        }
    }

    [TestMethod]
    [DataRow(ImageFit.Pad)]
    [DataRow(ImageFit.Crop)]
    public void OneHotCellAtTheKeyPointScoresTheFrameOverTheCell(ImageFit fit)
    {
        IReadOnlyList<PlantedRow> rows = Plant(fit, out int removed);
        float[][] mpir = Score(rows).Vectors("Mpir");
        for (int row = 0; row < rows.Count; row++)
        {
            for (int query = 0; query < CubParts.Attributes.Count; query++)
            {
                double? expected = rows[row].Expected[query];
                string where = $"image {rows[row].ImageId}, {CubParts.Attributes[query]}";
                if (expected is null)
                {
                    Assert.IsTrue(float.IsNaN(mpir[row][query]), where);
                }
                else
                {
                    Assert.AreEqual(expected.Value, mpir[row][query], 1e-5 * Math.Max(1, expected.Value), where);
                }
            }
        }

        Assert.AreEqual(fit == ImageFit.Crop, removed > 0, "a center crop removes points, padding none");
    }

    private IDataView Score(IReadOnlyList<PlantedRow> rows)
    {
        var definition = SchemaDefinition.Create(typeof(PlantedRow));
        CubParts.Description.AddTo(definition["KeyPoints"]);
        IDataView data = _ml.Data.LoadFromEnumerable(rows, definition);
        return _ml.Transforms.EvaluateMpir(new MpirEvaluatorOptions { QueryNames = CubParts.Attributes }).Fit(data).Transform(data);
    }

    /// <summary>
    /// A hot cell where the first visible key point of each attribute lies, found in pixels and without the library's geometry.
    /// </summary>
    private List<PlantedRow> Plant(ImageFit fit, out int removed)
    {
        removed = 0;
        IDataView cub = _ml.Data.LoadCub(TestData.Require("cub/subset200/CUB_200_2011"));
        var rows = new List<PlantedRow>();
        foreach (CubImage image in _ml.Data.CreateEnumerable<CubImage>(cub, reuseRowObject: false))
        {
            SKImageInfo info = SKBitmap.DecodeBounds(image.ImagePath);
            var row = new PlantedRow
            {
                ImageId = image.ImageId,
                KeyPoints = image.KeyPoints,
                KeyPointVisible = image.KeyPointVisible,
                GroundingMaps = new float[CubParts.Attributes.Count * Grid * Grid],
            };
            SquareGeometry.Create(fit, info.Width, info.Height, InputSize, Grid).CopyTo(row.Geometry);
            for (int query = 0; query < CubParts.Attributes.Count; query++)
            {
                row.Expected.Add(PlantOne(row, query, fit, info.Width, info.Height, ref removed));
            }

            rows.Add(row);
        }

        return rows;
    }

    private static double? PlantOne(PlantedRow row, int query, ImageFit fit, int width, int height, ref int removed)
    {
        Span<float> map = row.GroundingMaps.AsSpan(query * Grid * Grid, Grid * Grid);
        List<int> visible = [.. CubParts.KeyPointsOf[CubParts.Attributes[query]].Where(index => row.KeyPointVisible[index] > 0)];
        if (visible.Count == 0)
        {
            map[0] = 1;
            return null;
        }

        // Pixels of the fitted picture per pixel of the original, and where the picture begins in it.
        double scaleX,
            scaleY,
            left,
            top;
        if (fit == ImageFit.Pad)
        {
            int side = Math.Max(width, height);
            scaleX = scaleY = (double)InputSize / side;
            (left, top) = ((side - width) / 2 * scaleX, (side - height) / 2 * scaleY);
        }
        else
        {
            int longEdge = InputSize * Math.Max(width, height) / Math.Min(width, height);
            (int newWidth, int newHeight) = width <= height ? (InputSize, longEdge) : (longEdge, InputSize);
            (scaleX, scaleY) = ((double)newWidth / width, (double)newHeight / height);
            (left, top) = (-((newWidth - InputSize) / 2), -((newHeight - InputSize) / 2));
        }

        double cell = (double)InputSize / Grid;
        int x = visible[0] * 2;
        int column = CellOf(row.KeyPoints[x], scaleX, left, cell);
        int line = CellOf(row.KeyPoints[x + 1], scaleY, top, cell);
        if (column is < 0 or >= Grid || line is < 0 or >= Grid)
        {
            removed++;
            map[FirstCellWithout(row, visible, scaleX, scaleY, left, top, cell)] = 1;
            return 0;
        }

        map[(line * Grid) + column] = 1;
        double frame = Overlap(0, InputSize, left, width * scaleX) * Overlap(0, InputSize, top, height * scaleY);
        return frame / (Overlap(column * cell, cell, left, width * scaleX) * Overlap(line * cell, cell, top, height * scaleY));
    }

    /// <summary>A cell that none of the points lies in, so that the score of a removed point is a miss.</summary>
    private static int FirstCellWithout(
        PlantedRow row,
        List<int> points,
        double scaleX,
        double scaleY,
        double left,
        double top,
        double cell
    ) =>
        Enumerable
            .Range(0, Grid * Grid)
            .First(index =>
                !points.Any(point =>
                    CellOf(row.KeyPoints[2 * point], scaleX, left, cell) == index % Grid
                    && CellOf(row.KeyPoints[(2 * point) + 1], scaleY, top, cell) == index / Grid
                )
            );

    /// <summary>
    /// A point on the border of two cells, as some of CUB's are, lies in the second: a digit that rounding took away is given back.
    /// </summary>
    private static int CellOf(float point, double scale, double start, double cell) =>
        (int)Math.Floor(Math.Round(((point * scale) + start) / cell, 9));

    private static double Overlap(double start, double length, double otherStart, double otherLength) =>
        Math.Max(0, Math.Min(start + length, otherStart + otherLength) - Math.Max(start, otherStart));

    private sealed class CubImage
    {
        public int ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];
    }

    private sealed class PlantedRow
    {
        public int ImageId { get; set; }

        [VectorType(15, 2)]
        public float[] KeyPoints { get; set; } = [];

        [VectorType(15)]
        public float[] KeyPointVisible { get; set; } = [];

        [VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = new float[ImageGeometry.Length];

        [VectorType(10, Grid, Grid)]
        public float[] GroundingMaps { get; set; } = [];

        [NoColumn]
        public List<double?> Expected { get; } = [];
    }
}
