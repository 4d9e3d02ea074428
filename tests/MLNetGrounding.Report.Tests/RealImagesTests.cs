using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>The size and quickness of a report of 200 real photographs at LLaVA 1.5's grid, with made-up maps.</summary>
[TestClass]
public sealed class RealImagesTests
{
    private const int Grid = 24;

    /// <summary>Where the times are printed; they depend on what else the machine does, so nothing is asserted of them.</summary>
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task TheReportOf200PhotographsIsSmallAndOpensAndFilters()
    {
        string data = TestData.Require("cub/subset200/CUB_200_2011");
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "report.html");
        Write(data, path);

        var watch = Stopwatch.StartNew();
        await using OpenReport report = await OpenReport.AtAsync(path);
        double open = watch.Elapsed.TotalMilliseconds;
        double scripted = await report.Page.EvaluateAsync<double>("performance.now()");
        double filter = await TimeAsync(
            report,
            "const s = document.querySelector('#attribute'); s.value = '0'; s.dispatchEvent(new Event('input', { bubbles: true }));"
        );
        double miss = await TimeAsync(report, "document.querySelector('input[value=miss]').click();");
        double detail = await TimeAsync(report, "document.querySelector('#cards button').click();");

        double megabytes = new FileInfo(path).Length / 1e6;
        TestContext.WriteLine(
            FormattableString.Invariant(
                $"200 photographs, 10 queries, {Grid} x {Grid} cells: {megabytes:0.0} MB; ready {scripted:0} ms after navigation ({open:0} ms with the browser's start of a page); to the next frame after choosing an attribute {filter:0} ms, an outcome {miss:0} ms, a picture {detail:0} ms"
            )
        );
        Assert.IsLessThan(25, megabytes);
    }

    /// <summary>Milliseconds from an action until the frame after the one that shows its result.</summary>
    private static Task<double> TimeAsync(OpenReport report, string action) =>
        report.Page.EvaluateAsync<double>(
            $$"""
            () => new Promise(done => {
              const start = performance.now();
              {{action}}
              requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
            })
            """
        );

    private static void Write(string data, string path)
    {
        var context = new MLContext();
        IDataView images = context.Data.LoadCub(data);
        var random = new Random(1);
        var report = new GroundingReport(new GroundingReportOptions { Title = "200 photographs" });
        foreach (Row row in context.Data.CreateEnumerable<Row>(images, reuseRowObject: false))
        {
            var image = MLImage.CreateFromFile(row.ImagePath);
            using GroundedImage grounded = new()
            {
                Image = image,
                Geometry = SquareGeometry.Create(ImageFit.Pad, image.Width, image.Height, 336, Grid),
                Queries = CubParts.Attributes,
                Methods =
                [
                    new GroundedMaps(
                        "made up",
                        (float[])
                            [
                                .. Enumerable
                                    .Range(0, CubParts.Attributes.Count * Grid * Grid)
                                    .Select(_ => MathF.Pow(random.NextSingle(), 12)),
                            ]
                    ),
                ],
                Name = Path.GetFileName(row.ImagePath),
                Label = row.Species,
                BoundingBox = row.BoundingBox,
                KeyPoints = row.KeyPoints,
                KeyPointVisible = row.KeyPointVisible,
                KeyPointDescription = CubParts.Description,
            };
            report.Add(grounded);
        }

        report.Save(path);
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Species { get; set; } = "";

        public float[] BoundingBox { get; set; } = [];

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];
    }
}
