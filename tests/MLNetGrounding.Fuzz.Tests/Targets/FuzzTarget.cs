using MLNetGrounding.Testing;

namespace MLNetGrounding.Fuzz;

/// <summary>A reader under test: valid inputs, how they are changed, and what the reader may answer.</summary>
internal abstract class FuzzTarget : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A folder for the files that the reader reads.</summary>
    protected string Folder => _folder.Path;

    /// <summary>Writes the input where the reader looks for it.</summary>
    public abstract void Write(FuzzInput input);

    /// <summary>Reads what was written.</summary>
    public abstract void Read();

    /// <summary>Whether an exception is one that the reader promises for a bad input.</summary>
    public abstract bool IsTyped(Exception exception);

    /// <summary>Copies what was written into another folder.</summary>
    public void Keep(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, GetType().Name, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    public virtual void Dispose() => _folder.Dispose();

    protected static T Choose<T>(IReadOnlyList<T> of, int number) => of[number % of.Count];
}
