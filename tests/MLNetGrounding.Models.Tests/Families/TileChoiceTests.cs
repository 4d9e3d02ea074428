using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families;

/// <summary>The tiles that each family's own processor cuts images into, as published or computed by Hugging Face's code.</summary>
[TestClass]
public sealed class TileChoiceTests
{
    [TestMethod]
    [DataRow(500, 338, 12, 2, 3)]
    [DataRow(500, 338, 6, 2, 3)]
    [DataRow(500, 338, 4, 1, 1)]
    [DataRow(640, 480, 12, 3, 4)]
    [DataRow(640, 480, 6, 2, 3)]
    [DataRow(640, 480, 4, 1, 1)]
    [DataRow(800, 600, 12, 3, 4)]
    [DataRow(800, 600, 6, 2, 3)]
    [DataRow(800, 600, 4, 2, 2)]
    [DataRow(448, 448, 12, 1, 1)]
    [DataRow(640, 640, 12, 2, 2)]
    [DataRow(951, 951, 12, 3, 3)]
    [DataRow(951, 951, 6, 2, 2)]
    [DataRow(10000, 10, 12, 1, 12)]
    public void TheNearestShapeIsTakenAndOfEqualsTheLargerThatTheImageFills(int width, int height, int most, int rows, int columns)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteInternVl(folder);
        string configuration = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("[84,84]", "448", StringComparison.Ordinal));
        folder.Write("preprocessor_config.json", $$"""{"size":{"height":448,"width":448},"max_patches":{{most}}}""");
        Check(folder, width, height, rows, columns, 16);
    }

    [TestMethod]
    [DataRow(500, 338, 3, 4)]
    [DataRow(1920, 1080, 3, 4)]
    [DataRow(448, 448, 4, 4)]
    [DataRow(410, 150, 2, 4)]
    [DataRow(150, 410, 4, 2)]
    [DataRow(3000, 1, 1, 4)]
    public void TheLongestEdgeAndTheShapeDecide(int width, int height, int rows, int columns)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteTokenizer(folder, hasMarks: true);
        TiledFolders.WriteSmolVlm(folder, images: "\"size\":{\"longest_edge\":2048}");
        string configuration = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(
            configuration,
            File.ReadAllText(configuration)
                .Replace("\"image_size\":32", "\"image_size\":512", StringComparison.Ordinal)
                .Replace("\"patch_size\":8", "\"patch_size\":16", StringComparison.Ordinal)
                .Replace("\"scale_factor\":2", "\"scale_factor\":4", StringComparison.Ordinal)
        );
        folder.Write("preprocessor_config.json", """{"max_image_size":{"longest_edge":512},"size":{"longest_edge":2048}}""");
        Check(folder, width, height, rows, columns, 8);
    }

    [TestMethod]
    public void TheSecondEdgeFollowsTheFirstAfterThatIsRoundedUp()
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteTokenizer(folder, hasMarks: true);

        // 100 x 30 pixels come first, which one row of tiles would hold; then 128 x 38, which need two.
        TiledFolders.WriteSmolVlm(folder, images: "\"size\":{\"longest_edge\":100}");
        Check(folder, 410, 125, 2, 4, 2);
    }

    [TestMethod]
    [DataRow(500, 338, 6, 8)]
    [DataRow(281, 400, 8, 6)]
    [DataRow(410, 150, 4, 10)]
    [DataRow(131, 377, 12, 4)]
    public void PaddingIsLeftOutButForAnOddRow(int width, int height, int rows, int columns)
    {
        using TemporaryFolder folder = new();
        Check(TiledFolders.Images(TiledFolders.WriteLlavaNext(folder)), width, height, new MapGrid(rows, columns));
    }

    [TestMethod]
    [DataRow(500, 338, 5, 8)]
    [DataRow(281, 400, 8, 5)]
    [DataRow(410, 150, 4, 12)]
    [DataRow(131, 377, 12, 4)]
    public void ManyFeaturesAreMadeFewer(int width, int height, int rows, int columns)
    {
        using TemporaryFolder folder = new();
        Check(TiledFolders.Images(TiledFolders.WriteLlavaOneVision(folder)), width, height, new MapGrid(rows, columns));
    }

    [TestMethod]
    public void AnImageOfWhichNoRowWouldBeLeftIsRefused()
    {
        using TemporaryFolder folder = new();
        IImagePreprocessor images = TiledFolders.Images(TiledFolders.WriteLlavaNext(folder));
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() =>
            images.Place(4000, 1, new ImageRequest(ImageFit.Native, null))
        );
        StringAssert.Contains(refused.Message, "4000 x 1", StringComparison.Ordinal);
    }

    private static void Check(TemporaryFolder folder, int width, int height, int rows, int columns, int cells) =>
        Check(TiledFolders.Images(folder.Path), width, height, new MapGrid(rows * cells, columns * cells));

    private static void Check(IImagePreprocessor images, int width, int height, MapGrid grid)
    {
        ImageRequest request = new(ImageFit.Native, null);
        Assert.IsNull(images.Plan(request));
        Assert.AreEqual(grid, images.Place(width, height, request).Grid);
    }
}
