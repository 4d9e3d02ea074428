using MLNetGrounding.Testing;

namespace GroundBirds;

[TestClass]
public sealed class PictureFolderTests
{
    [TestMethod]
    public void OnlyPicturesOfImagesAreDeleted()
    {
        using var folder = new TemporaryFolder();
        folder.Write("00007-sample.png", "");
        folder.Write("00007-sample/beak.png", "");
        folder.Write("00008-other/beak.png", "");
        string[] kept =
        [
            folder.Write("00008-other/notes.txt", ""),
            folder.Write("holiday/beach.png", ""),
            folder.Write("2024-trip.png", ""),
            folder.Write("notes.txt", ""),
        ];

        PictureFolder.Clear(folder.Path);

        CollectionAssert.AreEquivalent(kept, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.IsFalse(Directory.Exists(Path.Combine(folder.Path, "00007-sample")));
        PictureFolder.Clear(Path.Combine(folder.Path, "not-there"));
    }
}
