using MLNetGrounding;

namespace GroundBirds;

/// <summary>The checkpoint, and what pictures, tables and files call it.</summary>
internal sealed record GroundBirdsModel(ModelSettings Checkpoint, string Label, bool IsRandom)
{
    public static GroundBirdsModel Prepare(GroundBirdsSettings settings) =>
        settings.Model.Name switch
        {
            ModelSettings.Sample => new(settings.Model, "sample LLaVA", IsRandom: false),
            GroundBirdsSettings.RandomModel => Random(settings),
            _ => Open(settings.Model),
        };

    private static GroundBirdsModel Random(GroundBirdsSettings settings)
    {
        string directory = RandomLlava.Write(Path.Combine(settings.Out, "random-model"), settings.Seed);
        return new(settings.Model with { Name = directory }, $"random weights (seed {settings.Seed})", IsRandom: true);
    }

    private static GroundBirdsModel Open(ModelSettings model)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Name)));
        return RandomLlava.IsRandom(model.Name) ? new(model, $"{name}, random weights", IsRandom: true) : new(model, name, IsRandom: false);
    }
}
