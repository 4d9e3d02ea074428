using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace Table1;

/// <summary>Rows, and what they are called in reports.</summary>
internal sealed record Table1Rows(IDataView View, string Description)
{
    /// <summary>The files of the images, by row.</summary>
    public IReadOnlyList<string> Paths { get; } = [.. View.GetColumn<string>("ImagePath")];

    /// <summary>The rows of the table: the sample birds of the table's seeds, or the chosen part of CUB.</summary>
    public static Table1Rows ToScore(MLContext context, Table1Settings settings) =>
        settings.Data.Cub is { } cub
            ? Cub(context, cub, settings.Data)
            : Sample(context, settings, SampleSeeds.Table, "held-out sample birds");

    /// <summary>
    /// Rows to learn and choose on, none of which is scored: the sample birds of the threshold's seeds, or CUB's training rows; null where
    /// the scored rows are not the test rows alone.
    /// </summary>
    public static Table1Rows? ToLearnFrom(MLContext context, Table1Settings settings) =>
        settings.Data switch
        {
            { Cub: null } => Sample(context, settings, SampleSeeds.ThresholdChoice, "other sample birds"),
            { Split: CubSplit.Test } => Cub(context, settings.Data.Cub, settings.Data with { Split = CubSplit.Train }),
            _ => null,
        };

    private static Table1Rows Sample(MLContext context, Table1Settings settings, SampleSeedRange seeds, string what)
    {
        int count = settings.Data.Limit ?? seeds.Count;
        string folder = SampleBirdFolder.Prepare(
            settings.Out,
            new SampleBirdsOptions
            {
                Seeds = seeds,
                Count = count,
                Coloring = SampleColoring.Independent,
            }
        );
        return new(context.Data.LoadCub(folder), $"{count} {what} (seeds from {seeds.Start})");
    }

    private static Table1Rows Cub(MLContext context, string folder, DataSettings data)
    {
        string first = data.Limit is { } count ? $"first {count} images of the " : "";
        string part = data.Split == CubSplit.All ? "whole of" : data.Split.ToString().ToLowerInvariant() + " rows of";
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new(context.Data.LoadCub(folder, data.Options), $"the {first}{part} {name}");
    }
}
