using MLNetGrounding.Samples;

namespace GroundBirds;

/// <summary>The checkpoint folder, and what pictures, tables and files call it.</summary>
internal sealed record GroundBirdsModel(string Directory, string Label, bool IsRandom)
{
    public static GroundBirdsModel Prepare(GroundBirdsSettings settings)
    {
        if (settings.Model == GroundBirdsSettings.RandomModel)
        {
            string directory = RandomLlava.Write(Path.Combine(settings.Out, "random-model"), settings.Seed);
            return new GroundBirdsModel(directory, $"random weights (seed {settings.Seed})", IsRandom: true);
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.Model)));
        bool random = RandomLlava.IsRandom(settings.Model);
        return new GroundBirdsModel(settings.Model, random ? $"{name}, random weights" : name, random);
    }
}
