using Microsoft.ML;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

[TestClass]
public sealed class SavedModelFileTests
{
    [TestMethod]
    public void AFileThatTheSystemCannotReadIsNoDamagedModel()
    {
        var context = new MLContext();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.zip");
        var rows = new AttentionRows(1);
        context.Model.SaveGrounding(context.Transforms.SelectHeads().Fit(rows.View), rows.View.Schema, path);
        using (var sound = new FailingFile(path, reads: int.MaxValue))
        {
            SavedModelFile.Load(context.Model, sound, out _, new SavedModelOptions());
            Assert.IsGreaterThan(20, sound.Reads);
        }

        foreach (int reads in (int[])[0, 1])
        {
            using var failing = new FailingFile(path, reads);
            Assert.AreEqual(
                "Input/output error",
                Assert.ThrowsExactly<IOException>(() => SavedModelFile.Load(context.Model, failing, out _, new SavedModelOptions())).Message
            );
        }
    }

    /// <summary>A file on a disk that breaks after some reads.</summary>
    private sealed class FailingFile(string path, int reads) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        private const int InputOutputError = 5;

        public int Reads { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Count();
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            Count();
            return base.Read(buffer);
        }

        private void Count()
        {
            if (Reads++ >= reads)
            {
                throw new IOException("Input/output error", InputOutputError);
            }
        }
    }
}
