namespace MLNetGrounding.Examples;

/// <summary>Finds out before the first image whether what will be written after the last one can be.</summary>
internal static class Outputs
{
    // What files are written as before they replace those that are there.
    private const string UnfinishedExtension = ".unfinished";

    /// <summary>Makes the folders above a file, and opens the file for writing; what is in it stays.</summary>
    /// <exception cref="CommandException">A folder stands in its place.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void CheckFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException($"'{path}' is a folder, and a file is to be written there. Name another one.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (File.Exists(path))
        {
            using FileStream existing = File.OpenWrite(path);
        }

        Probe(path + UnfinishedExtension);
    }

    /// <summary>Makes a folder, and writes a file into it that goes again.</summary>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    public static void CheckFolder(string path)
    {
        Directory.CreateDirectory(path);
        Probe(Path.Combine(path, Path.GetRandomFileName() + UnfinishedExtension));
    }

    private static void Probe(string path)
    {
        using (File.Create(path)) { }

        File.Delete(path);
    }
}
