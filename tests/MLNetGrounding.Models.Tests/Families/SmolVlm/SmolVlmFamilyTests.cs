using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families.SmolVlm;

[TestClass]
public sealed class SmolVlmFamilyTests
{
    [TestMethod]
    public void PatchesNeedNotFillAView()
    {
        // As 384 pixels and patches of 14: the last pixels are never seen.
        using TemporaryFolder folder = new();
        TiledFolders.WriteSmolVlm(folder);
        Change("config.json", "\"image_size\":32", "\"image_size\":37");
        Change("preprocessor_config.json", "\"longest_edge\":32", "\"longest_edge\":37");
        TiledFolders.WriteTokenizer(folder, hasMarks: true);
        Assert.AreEqual(new MapGrid(2, 2), FamilyRegistry.Read(folder.Path).Info.Grid);
        PreparedImage image = TiledFolders
            .Images(folder.Path)
            .Prepare(
                new RgbImage(80, 40, new byte[3 * 80 * 40]),
                new ImageRequest(ImageFit.Pad, null, Tiles: (1, 2)),
                CancellationToken.None
            );
        CollectionAssert.AreEqual(new long[] { 3, 3, 37, 37 }, image.Shape);
        Assert.AreEqual(new MapGrid(2, 4), image.Span.Layout.Grid);

        void Change(string file, string from, string to)
        {
            string path = Path.Combine(folder.Path, file);
            File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        }
    }
}
