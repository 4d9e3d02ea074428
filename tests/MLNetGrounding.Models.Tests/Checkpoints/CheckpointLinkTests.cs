using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Checkpoints whose files are links, as in the cache of the Hugging Face hub, and files that are larger than memory.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class CheckpointLinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string TinyA => GoldenData.TinyA.Checkpoint;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void AFolderOfLinksComputesWhatTheFilesDo(int hops)
    {
        string snapshot = Link(TinyA, hops);
        TinyACapture.AssertEqual(TinyACapture.Run(TinyA), TinyACapture.Run(snapshot));
        using var linked = VisionLanguageModel.Load(snapshot);
        using var files = VisionLanguageModel.Load(TinyA);
        Assert.AreEqual(files.Fingerprint, linked.Fingerprint);
    }

    [TestMethod]
    public void ShardsMayBeLinks()
    {
        string shards = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "shards"), shards: 3);
        TinyACapture.AssertEqual(TinyACapture.Run(TinyA), TinyACapture.Run(Link(shards, 2)));
    }

    [TestMethod]
    public void ALinkWithoutAnEndIsMissing()
    {
        string snapshot = Link(TinyA, 1);
        File.Delete(Path.Combine(_folder.Path, "blobs", "0-model.safetensors"));
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(snapshot).Dispose());
        StringAssert.Contains(exception.Message, "model.safetensors", StringComparison.Ordinal);
        CheckpointException opened = Assert.ThrowsExactly<CheckpointException>(() =>
            SafetensorsFile.Open(Path.Combine(snapshot, "model.safetensors"))
        );
        StringAssert.Contains(opened.Message, "0-model.safetensors', which does not exist", StringComparison.Ordinal);
    }

    [TestMethod]
    public void ALinkToItselfIsAnError()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        string path = Path.Combine(copy, "config.json");
        File.Delete(path);
        File.CreateSymbolicLink(path, "config.json");
        Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
    }

    [TestMethod]
    [Timeout(30_000, CooperativeCancellation = true)]
    public void APipeIsNotWaitedFor()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        string path = Path.Combine(copy, "config.json");
        File.Delete(path);
        using (var process = System.Diagnostics.Process.Start("mkfifo", [path]))
        {
            process.WaitForExit();
        }

        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
        StringAssert.Contains(exception.Message, "no regular file", StringComparison.Ordinal);
    }

    [TestMethod]
    public void AFileLargerThanMemoryOpensAndItsLastTensorIsRead()
    {
        Assert.IsTrue(MappedFile.IsUnlimited);
        long bytes = Math.Max(28L << 30, 2 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        long elements = bytes / 2;
        string path = Path.Combine(_folder.Path, CheckpointFolder.SingleFileName);
        string header =
            $$$"""{"large":{"dtype":"BF16","shape":[{{{elements}}}],"data_offsets":[0,{{{elements * 2}}}]},"last":{"dtype":"F32","shape":[2],"data_offsets":[{{{elements * 2}}},{{{(elements * 2) + 8}}}]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        using (FileStream stream = File.Create(path))
        {
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(System.Text.Encoding.ASCII.GetBytes(header));
            stream.Position += elements * 2;
            stream.Write(BitConverter.GetBytes(1.5f));
            stream.Write(BitConverter.GetBytes(-2f));
        }

        long before = ProcessMemory.AnonymousBytes();
        using (NewDisposeScope())
        using (CheckpointTensorSource source = new(CheckpointFolder.Open(_folder.Path), ScalarType.BFloat16, ScalarType.BFloat16, CPU))
        {
            Tensor large = source.Take("large", elements);
            Assert.AreEqual(0, large.narrow(0, elements - 1, 1).to(ScalarType.Float32).item<float>());
            CollectionAssert.AreEqual(new[] { 1.5f, -2f }, source.Take("last", 2).ToFloats());
        }

        Assert.IsLessThan(64L << 20, ProcessMemory.AnonymousBytes() - before);
        Assert.AreEqual(0, MappedFiles.Count(_folder.Path));
    }

    /// <summary>A folder like a snapshot of the hub's cache, whose files are links of so many steps.</summary>
    private string Link(string checkpoint, int hops)
    {
        string snapshot = Directory.CreateDirectory(Path.Combine(_folder.Path, "snapshots", "0123")).FullName;
        string blobs = Directory.CreateDirectory(Path.Combine(_folder.Path, "blobs")).FullName;
        foreach (string file in Directory.GetFiles(checkpoint))
        {
            string name = Path.GetFileName(file);
            File.Copy(file, Path.Combine(blobs, $"0-{name}"));
            for (int hop = 1; hop < hops; hop++)
            {
                File.CreateSymbolicLink(Path.Combine(blobs, $"{hop}-{name}"), $"{hop - 1}-{name}");
            }

            File.CreateSymbolicLink(Path.Combine(snapshot, name), $"../../blobs/{hops - 1}-{name}");
        }

        return snapshot;
    }
}
