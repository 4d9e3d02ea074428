using MLNetGrounding.Samples;

namespace GroundBirds;

/// <summary>Where the images come from.</summary>
internal static class GroundBirdsData
{
    private const string SampleFolder = "sample-birds";

    /// <summary>The CUB folder that was asked for, or sample birds, which are drawn on the first run.</summary>
    public static string Prepare(GroundBirdsSettings settings)
    {
        if (settings.Cub is not null)
        {
            return settings.Cub;
        }

        string folder = Path.Combine(settings.Out, SampleFolder);
        if (!Directory.Exists(folder))
        {
            // Drawn beside it and renamed, so that an interrupted run leaves no half data set.
            string unfinished = Path.Combine(settings.Out, $"{SampleFolder}-{Path.GetRandomFileName()}");
            SampleBirds.Write(unfinished);
            Directory.Move(unfinished, folder);
        }

        return folder;
    }
}
