namespace MLNetGrounding.Examples;

/// <summary>Sample birds on disk, drawn by the first run that needs them.</summary>
internal static class SampleBirdFolder
{
    /// <summary>Draws the birds where they are not there yet.</summary>
    /// <param name="parent">The folder to put theirs into, whose name tells which birds it holds.</param>
    /// <param name="options">Which birds.</param>
    /// <returns>Their folder.</returns>
    public static string Prepare(string parent, SampleBirdsOptions options)
    {
        string name = $"sample-birds-{options.Seeds.Name}-{options.Count ?? options.Seeds.Count}";
        string folder = Path.Combine(parent, name);
        if (!Directory.Exists(folder))
        {
            // Drawn beside it and renamed, so that an interrupted run leaves no half data set.
            string unfinished = Path.Combine(parent, $"{name}-{Path.GetRandomFileName()}");
            SampleBirds.Write(unfinished, options);
            Directory.Move(unfinished, folder);
        }

        return folder;
    }
}
