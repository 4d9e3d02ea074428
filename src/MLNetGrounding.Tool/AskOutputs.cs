namespace MLNetGrounding.Tool;

/// <summary>What is made of answers besides their text.</summary>
/// <param name="Folder">A folder for overlays, or <see langword="null"/>.</param>
/// <param name="Html">A page to write, or <see langword="null"/>.</param>
/// <param name="Show">Whether words are shown in the terminal.</param>
internal sealed record AskOutputs(string? Folder, string? Html, bool Show)
{
    /// <summary>Whether maps are needed.</summary>
    public bool NeedMaps => Folder is not null || Html is not null || Show;

    /// <summary>Before the model runs: refuses what could not be written afterwards.</summary>
    public void Check()
    {
        if (Folder is not null)
        {
            Outputs.CheckFolder(Folder);
        }

        if (Html is not null)
        {
            Outputs.CheckFile(Html);
        }
    }
}
