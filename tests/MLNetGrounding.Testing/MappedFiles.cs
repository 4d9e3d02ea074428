namespace MLNetGrounding.Testing;

/// <summary>The files that this process has mapped into its memory, as the kernel lists them.</summary>
public static class MappedFiles
{
    /// <summary>How many mappings of files in a folder there are; inconclusive where the kernel does not say.</summary>
    public static int Count(string folder)
    {
        const string maps = "/proc/self/maps";
        if (!File.Exists(maps))
        {
            Assert.Inconclusive($"{maps} is needed to see which files are mapped.");
        }

        return File.ReadLines(maps).Count(line => line.Contains(folder, StringComparison.Ordinal));
    }
}
