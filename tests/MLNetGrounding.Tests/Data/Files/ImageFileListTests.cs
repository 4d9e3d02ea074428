using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Tests.Data.Files;

[TestClass]
public sealed class ImageFileListTests : IDisposable
{
    private static readonly MLContext Context = new();

    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void Write()
    {
        foreach (string path in (string[])["b.JPG", "a.png", "notes.txt", "cars/old/1.webp", "cars/2.tiff", ".hidden.png"])
        {
            _folder.Write(path, "not opened");
        }
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void AFolderIsLookedThroughInTheOrderOfPaths()
    {
        IDataView view = Context.Data.LoadImageFiles(_folder.Path);
        CollectionAssert.AreEqual(new[] { "a.png", "b.JPG", "cars/2.tiff", "cars/old/1.webp" }, Paths(view));
        CollectionAssert.AreEqual(new[] { "", "", "cars", "old" }, Texts(view, "Label"));
        Assert.AreEqual(4, view.GetRowCount());
        Assert.IsTrue(view.CanShuffle);
    }

    [TestMethod]
    public void ItsFoldersCanBeLeftOut() =>
        CollectionAssert.AreEqual(
            new[] { "a.png", "b.JPG" },
            Paths(Context.Data.LoadImageFiles(_folder.Path, new ImageFilesOptions { Recursive = false }))
        );

    [TestMethod]
    public void TheFirstOnesAndOtherEndingsCanBeChosen()
    {
        CollectionAssert.AreEqual(new[] { "a.png" }, Paths(Context.Data.LoadImageFiles(_folder.Path, new ImageFilesOptions { Limit = 1 })));
        CollectionAssert.AreEqual(
            new[] { "notes.txt" },
            Paths(Context.Data.LoadImageFiles(_folder.Path, new ImageFilesOptions { Extensions = [".TXT"] }))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Context.Data.LoadImageFiles(_folder.Path, new ImageFilesOptions { Limit = 0 }));
    }

    [TestMethod]
    [DataRow("*.png", "a.png")]
    [DataRow("cars/*", "cars/2.tiff")]
    [DataRow("**/*.webp", "cars/old/1.webp")]
    [DataRow("cars/**/*", "cars/2.tiff cars/old/1.webp")]
    [DataRow("*/*.tiff", "cars/2.tiff")]
    public void APatternChooses(string pattern, string expected) =>
        CollectionAssert.AreEqual(expected.Split(' '), Paths(Context.Data.LoadImageFiles(Path.Combine(_folder.Path, pattern))));

    [TestMethod]
    public void ACsvFileListsPathsBesideItselfAndKeepsItsOtherColumns()
    {
        string csv = _folder.Write(
            "cars/list.csv",
            "Label,Path,Note\nold,\"old/1.webp\",\"two, with\nbreak\"\nnew,2.tiff,\n\nnone,missing.png,x\n"
        );
        IDataView view = Context.Data.LoadImageFiles(csv);
        CollectionAssert.AreEqual(new[] { "cars/old/1.webp", "cars/2.tiff", "cars/missing.png" }, Paths(view));
        CollectionAssert.AreEqual(new[] { "old", "new", "none" }, Texts(view, "Label"));
        CollectionAssert.AreEqual(new[] { "two, with\nbreak", "", "x" }, Texts(view, "Note"));
    }

    [TestMethod]
    public void ACsvFileOfOneColumnNeedsNoHeader() =>
        CollectionAssert.AreEqual(
            new[] { "a.png", "cars/2.tiff" },
            Paths(Context.Data.LoadImageFiles(_folder.Write("list.csv", "a.png\r\ncars/2.tiff\r\n")))
        );

    [TestMethod]
    public void TheColumnOfThePathsCanBeNamed()
    {
        string csv = _folder.Write("list.csv", "photo,path\na.png,x\n");
        CollectionAssert.AreEqual(
            new[] { "a.png" },
            Paths(Context.Data.LoadImageFiles(csv, new ImageFilesOptions { PathColumn = "photo" }))
        );
    }

    [TestMethod]
    public void OneImageIsAListOfOne() =>
        CollectionAssert.AreEqual(new[] { "a.png" }, Paths(Context.Data.LoadImageFiles(Path.Combine(_folder.Path, "a.png"))));

    [TestMethod]
    public void ALinkToAFolderAboveIsNotFollowed()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "cars", "loop"), _folder.Path);
        Assert.HasCount(4, Paths(Context.Data.LoadImageFiles(_folder.Path)));
    }

    [TestMethod]
    public void WhatIsNotFoundIsSaid()
    {
        Says<FileNotFoundException>("nowhere", "does not exist");
        Says<FileNotFoundException>("*.gif", "*.gif");
        Says<FileNotFoundException>("nowhere/*.gif", "nowhere");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        Says<FileNotFoundException>("empty", ".jpg");
        _folder.Write("a.csv", "x,y\n1,2\n");
        Says<InvalidDataException>("a.csv", "x, y");
        _folder.Write("b.csv", "path,y\n1\n");
        Says<InvalidDataException>("b.csv", "line 2");
        _folder.Write("c.csv", "path,y\n\"1,2\n");
        Says<InvalidDataException>("c.csv", "quotes");
        _folder.Write("d.csv", "");
        Says<InvalidDataException>("d.csv", "empty");
    }

    private void Says<T>(string source, string text)
        where T : Exception =>
        Assert.Contains(text, Assert.ThrowsExactly<T>(() => Context.Data.LoadImageFiles(Path.Combine(_folder.Path, source))).Message);

    private string[] Paths(IDataView view) =>
        [.. Texts(view, "ImagePath").Select(path => Path.GetRelativePath(_folder.Path, path).Replace('\\', '/'))];

    private static string[] Texts(IDataView view, string column) =>
        [.. view.GetColumn<ReadOnlyMemory<char>>(view.Schema[column]).Select(text => text.ToString())];
}
