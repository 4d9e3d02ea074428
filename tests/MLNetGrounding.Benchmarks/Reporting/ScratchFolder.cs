namespace MLNetGrounding.Benchmarks;

/// <summary>A folder for checkpoints that goes when it is no longer needed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlnetgrounding-benchmarks-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
