using MLNetGrounding.Testing;

namespace MLNetGrounding;

/// <summary>The tiny golden checkpoint in a folder of its own, so that its mappings can be told from those of other tests.</summary>
internal sealed class CheckpointCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CheckpointCopy()
    {
        foreach (string file in Directory.GetFiles(GoldenData.TinyA.Checkpoint))
        {
            File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        }
    }

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();
}
