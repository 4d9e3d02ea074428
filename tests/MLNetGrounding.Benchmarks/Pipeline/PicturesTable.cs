using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Rendering;

namespace MLNetGrounding.Benchmarks;

/// <summary>
/// The pictures of an image and its ten queries: each overlay started with the image and written by <see cref="MLImage.Save"/>, against
/// copies of one background written by <see cref="GroundingFigures.Save"/>.
/// </summary>
internal static class PicturesTable
{
    private const int Images = 4;
    private const int Columns = 4;

    private static readonly GroundingOverlayOptions Look = new() { LongEdge = 480 };

    public static void Print()
    {
        MarkdownTable table = new(
            "Overlays and a figure of an image, ten queries",
            "what",
            "the naive way, ms",
            "ours, ms",
            "ratio",
            "naive files, KiB",
            "ours, KiB"
        );
        using ScratchFolder folder = new();
        string birds = Path.Combine(folder.Path, "birds");
        SampleBirds.Write(birds, new SampleBirdsOptions { Seeds = SampleSeeds.ThresholdChoice, Count = Images });
        GroundedImage[] images = Ground(birds);
        Add(
            table,
            "ten overlays and their sheet, files included",
            images,
            image => DrawNaively(image, folder.Path),
            image => Draw(image, folder.Path),
            folder.Path
        );
        string path = Path.Combine(folder.Path, "figure.png");
        Add(
            table,
            "a figure of a layer's heads, drawn the same way, file included",
            images,
            image => DrawHeads(image, figure => figure.Save(path)),
            image => DrawHeads(image, figure => GroundingFigures.Save(figure, path)),
            folder.Path
        );
        table.Print();
        Array.ForEach(images, image => image.Dispose());
    }

    private static void Add(
        MarkdownTable table,
        string what,
        GroundedImage[] images,
        Action<GroundedImage> naive,
        Action<GroundedImage> ours,
        string folder
    )
    {
        double[] seconds = Interleaved.Seconds(5, () => Array.ForEach(images, naive), () => Array.ForEach(images, ours));
        double[] sizes = [SizeOf(naive), SizeOf(ours)];
        table.Add(
            what,
            $"{1000 * seconds[0] / images.Length:f1}",
            $"{1000 * seconds[1] / images.Length:f1}",
            $"{seconds[0] / seconds[1]:f1}",
            $"{sizes[0]:f0}",
            $"{sizes[1]:f0}"
        );

        double SizeOf(Action<GroundedImage> way)
        {
            Array.ForEach(Directory.GetFiles(folder, "*.png"), File.Delete);
            way(images[0]);
            return Directory.GetFiles(folder, "*.png").Sum(file => new FileInfo(file).Length) / 1024.0;
        }
    }

    private static GroundedImage[] Ground(string birds)
    {
        MLContext context = new();
        IDataView rows = context.Data.LoadCub(birds);
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        EstimatorChain<RolloutMaskerTransformer> pipeline = context
            .Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(new AttentionExtractorOptions { Model = model, Words = CubParts.Attributes }))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout());
        using TransformerChain<RolloutMaskerTransformer> chain = pipeline.Fit(rows);
        return [.. context.Grounding.ReadImages(chain.Transform(rows))];
    }

    private static void DrawNaively(GroundedImage image, string folder)
    {
        List<MLImage> pictures = [];
        for (int query = 0; query < image.Queries.Count; query++)
        {
            using var overlay = new GroundingOverlay(image.Image, image.Geometry, Look);
            DrawQuery(overlay, image, query);
            pictures.Add(overlay.ToImage());
            pictures[query].Save(Path.Combine(folder, $"{query}.png"));
        }

        using MLImage sheet = ContactSheet.Arrange(pictures, Columns);
        sheet.Save(Path.Combine(folder, "sheet.png"));
        pictures.ForEach(picture => picture.Dispose());
    }

    private static void Draw(GroundedImage image, string folder)
    {
        using var background = new GroundingOverlay(image.Image, image.Geometry, Look);
        List<GroundingOverlay> pictures = [];
        for (int query = 0; query < image.Queries.Count; query++)
        {
            pictures.Add(background.Copy());
            DrawQuery(pictures[query], image, query);
            pictures[query].Save(Path.Combine(folder, $"{query}.png"));
        }

        GroundingOverlay.SaveSheet(pictures, Columns, Path.Combine(folder, "sheet.png"));
        pictures.ForEach(picture => picture.Dispose());
    }

    private static void DrawQuery(GroundingOverlay overlay, GroundedImage image, int query)
    {
        ReadOnlyMemory<float> maps = image.Methods[0].Maps;
        int cells = maps.Length / image.Queries.Count;
        ReadOnlySpan<float> map = maps.Span.Slice(query * cells, cells);
        overlay.DrawMap(map).DrawRegion(map).DrawLabel(image.Queries[query]);
    }

    private static void DrawHeads(GroundedImage image, Action<MLImage> save)
    {
        using MLImage figure = GroundingFigures.Heads(image, image.Queries[0], layer: 0);
        save(figure);
    }
}
