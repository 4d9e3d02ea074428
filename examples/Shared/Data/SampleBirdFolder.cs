namespace MLNetGrounding.Examples;

/// <summary>Sample birds on disk, drawn by the first run that needs them; others wait for it and share them.</summary>
internal static class SampleBirdFolder
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Draws the birds where they are not there yet.</summary>
    /// <param name="parent">The folder to put theirs into, whose name tells which birds it holds.</param>
    /// <param name="options">Which birds.</param>
    /// <param name="cancellationToken">Ends the waiting for another run that draws them.</param>
    /// <returns>Their folder.</returns>
    public static string Prepare(string parent, SampleBirdsOptions options, CancellationToken cancellationToken = default)
    {
        string name = $"sample-birds-{options.Seeds.Name}-{options.Count ?? options.Seeds.DefaultCount}";
        string folder = Path.Combine(parent, name);
        string workplace = Path.Combine(parent, $".{name}");
        while (!Directory.Exists(folder))
        {
            using var turn = FolderLock.TryTake(workplace);
            if (turn is null)
            {
                cancellationToken.WaitHandle.WaitOne(BetweenLooks);
                cancellationToken.ThrowIfCancellationRequested();
            }
            else if (!Directory.Exists(folder))
            {
                Draw(Path.Combine(workplace, "unfinished"), folder, options);
            }
        }

        Remove(workplace);
        return folder;
    }

    /// <summary>Draws beside the folder and renames, so that an interrupted run leaves no half data set.</summary>
    private static void Draw(string unfinished, string folder, SampleBirdsOptions options)
    {
        if (Directory.Exists(unfinished))
        {
            // Of a run that was killed: the lock says that nobody draws there.
            Directory.Delete(unfinished, recursive: true);
        }

        SampleBirds.Write(unfinished, options);
        Directory.Move(unfinished, folder);
    }

    /// <summary>Whoever still waits for the lock in it looks for the birds first.</summary>
    private static void Remove(string workplace)
    {
        try
        {
            if (Directory.Exists(workplace))
            {
                Directory.Delete(workplace, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another run that waited is in it, and removes it.
        }
    }
}
