using MLNetGrounding.Samples;

namespace GroundBirds;

/// <summary>The checkpoint folder, and what pictures, tables and files call it.</summary>
internal sealed record GroundBirdsModel(string Directory, string Label, bool IsRandom)
{
    public static GroundBirdsModel Prepare(GroundBirdsSettings settings) => settings.Model switch
    {
        GroundBirdsSettings.SampleModel => new(SampleLlava.Directory, "sample LLaVA", IsRandom: false),
        GroundBirdsSettings.RandomModel => Random(settings),
        _ => Open(settings.Model),
    };

    private static GroundBirdsModel Random(GroundBirdsSettings settings) =>
        new(RandomLlava.Write(Path.Combine(settings.Out, "random-model"), settings.Seed), $"random weights (seed {settings.Seed})", IsRandom: true);

    private static GroundBirdsModel Open(string directory)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        return RandomLlava.IsRandom(directory) ? new(directory, $"{name}, random weights", IsRandom: true) : new(directory, name, IsRandom: false);
    }
}
