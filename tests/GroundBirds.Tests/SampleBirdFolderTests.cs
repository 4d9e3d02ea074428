using MLNetGrounding;
using MLNetGrounding.Testing;

namespace GroundBirds;

[TestClass]
public sealed class SampleBirdFolderTests : IDisposable
{
    private static readonly SampleBirdsOptions Few = new()
    {
        Count = 3,
        MinimumSize = 64,
        MaximumSize = 80,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void RunsThatStartTogetherShareTheBirds()
    {
        string[] folders = new string[4];
        Parallel.For(0, folders.Length, run => folders[run] = SampleBirdFolder.Prepare(_folder.Path, Few));

        Assert.HasCount(1, folders.Distinct().ToArray());
        CollectionAssert.AreEqual(new[] { folders[0] }, Directory.GetFileSystemEntries(_folder.Path));
        Assert.HasCount(
            3,
            Directory.GetFiles(folders[0], "*.png", SearchOption.AllDirectories).Where(path => path.Contains("images")).ToArray()
        );
    }

    [TestMethod]
    public void WhatAKilledRunLeftHalfDrawnGoes()
    {
        string name = $"sample-birds-{Few.Seeds.Name}-3";
        _folder.Write($".{name}/.grounding-lock", "");
        _folder.Write($".{name}/unfinished/images.txt", "half");

        string folder = SampleBirdFolder.Prepare(_folder.Path, Few);

        CollectionAssert.AreEqual(new[] { folder }, Directory.GetFileSystemEntries(_folder.Path));
        Assert.HasCount(3, File.ReadAllLines(Path.Combine(folder, "images.txt")));
    }

    [TestMethod]
    public void WaitingForAnotherRunEndsWhereItIsCanceled()
    {
        using var other = FolderLock.Take(Path.Combine(_folder.Path, $".sample-birds-{Few.Seeds.Name}-3"));
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.Throws<OperationCanceledException>(() => SampleBirdFolder.Prepare(_folder.Path, Few, source.Token));
    }
}
