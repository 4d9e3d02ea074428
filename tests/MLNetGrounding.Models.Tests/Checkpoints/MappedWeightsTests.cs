using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>What happens to weights while they are mapped, and weights that are read instead.</summary>
[TestClass]
public sealed class MappedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string TinyA => GoldenData.TinyA.Checkpoint;

    private string Weights => Path.Combine(_folder.Path, "c", CheckpointFolder.SingleFileName);

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void WeightsThatAreReadGiveTheSameNumbersAndAreMappedNowhere()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        AttentionCapture expected = Run(copy, mapped: true, null);
        AttentionCapture actual = Run(copy, mapped: false, () => Assert.AreEqual(0, MappedFiles.Count(_folder.Path)));
        TinyACapture.AssertEqual(expected, actual);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void MappedWeightsAreMappedUntilTheModelIsDisposed()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        Run(copy, mapped: true, () => Assert.IsGreaterThan(0, MappedFiles.Count(_folder.Path)));
        Assert.AreEqual(0, MappedFiles.Count(_folder.Path));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void AFileThatWasMadeShorterIsNamedBeforeItIsTouched()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() =>
            Run(
                copy,
                mapped: true,
                () =>
                {
                    using FileStream stream = new(Weights, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                    stream.SetLength(stream.Length / 2);
                }
            )
        );
        Assert.AreEqual(Weights, exception.FilePath);
        StringAssert.Contains(exception.Message, "was changed while the model was in use", StringComparison.Ordinal);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void AFileBehindALinkIsWatched()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        string blob = Path.Combine(_folder.Path, "blob");
        File.Move(Weights, blob);
        File.CreateSymbolicLink(Weights, "../blob");
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() =>
            Run(copy, mapped: true, () => File.SetLastWriteTimeUtc(blob, DateTime.UnixEpoch))
        );
        Assert.AreEqual(Weights, exception.FilePath);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void AFileThatWasOverwrittenIsNamed()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => Run(copy, mapped: true, () => Overwrite()));
        Assert.AreEqual(Weights, exception.FilePath);
    }

    [TestMethod]
    public void AFileThatWasReadMayChange()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        TinyACapture.AssertEqual(TinyACapture.Run(TinyA), Run(copy, mapped: false, () => Overwrite()));
    }

    [TestMethod]
    public void AFileThatWasReplacedIsNamed()
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
        Assert.ThrowsExactly<CheckpointException>(() => Run(copy, mapped: true, () => File.Move(Weights, Weights + ".old")));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void AttentionThatIsNotFiniteIsNamedWithItsFirstLayer(int layer)
    {
        string copy = new CheckpointCopy(TinyA)
            .Change(
                (name, values) =>
                    name == $"language_model.model.layers.{layer}.self_attn.q_proj.weight" ? full_like(values, float.NaN) : values
            )
            .Write(Path.Combine(_folder.Path, "c"));
        Assert.AreEqual(layer, Run(copy, mapped: true, null).FirstNonFiniteLayer);
        Assert.IsNull(TinyACapture.Run(TinyA).FirstNonFiniteLayer);
    }

    private static AttentionCapture Run(string checkpoint, bool mapped, Action? whileOpen)
    {
        using var model = VisionLanguageModel.Load(
            checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32, MapWeights = mapped }
        );
        PreparedPrompt prompt = model.Prepare(
            GoldenQueries.All(GoldenData.TinyA.Prompt),
            GoldenQueries.Options(GoldenData.TinyA.Prompt) with
            {
                PatchFeatures = true,
                SuffixLogits = true,
            }
        );
        whileOpen?.Invoke();
        return model.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt);
    }

    private void Overwrite()
    {
        DateTime time = File.GetLastWriteTimeUtc(Weights);
        using (FileStream stream = new(Weights, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            stream.Position = stream.Length / 2;
            stream.Write(
                new byte[4096]
                    .Select(_ => (byte)0xFF)
                    .ToArray()
            );
        }

        File.SetLastWriteTimeUtc(Weights, time.AddSeconds(1));
    }
}
