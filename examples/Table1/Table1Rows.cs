using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Samples;

namespace Table1;

/// <summary>Rows, and what they are called in reports.</summary>
internal sealed record Table1Rows(IDataView View, string Description)
{
    /// <summary>The rows of the table: the sample birds of the table's seeds, or the chosen part of CUB.</summary>
    public static Table1Rows ToScore(MLContext context, Table1Settings settings) => settings.Cub is { } cub
        ? new(context.Data.LoadCub(cub, settings.Split, limit: settings.Limit), CubRows(cub, settings.Split, settings.Limit))
        : Sample(context, settings, SampleSeeds.Table, "held-out sample birds");

    /// <summary>
    /// Rows to learn and choose on, none of which is scored: the sample birds of the threshold's seeds, or CUB's training rows; null where the
    /// scored rows are not the test rows alone.
    /// </summary>
    public static Table1Rows? ToLearnFrom(MLContext context, Table1Settings settings) => settings switch
    {
        { Cub: null } => Sample(context, settings, SampleSeeds.ThresholdChoice, "other sample birds"),
        { Split: CubSplit.Test } => new(
            context.Data.LoadCub(settings.Cub, CubSplit.Train, limit: settings.Limit), CubRows(settings.Cub, CubSplit.Train, settings.Limit)),
        _ => null,
    };

    private static Table1Rows Sample(MLContext context, Table1Settings settings, SampleSeedRange seeds, string what)
    {
        int count = Math.Min(settings.Limit ?? seeds.Count, seeds.Count);
        string folder = Path.Combine(settings.Out, $"sample-birds-{seeds.Name}-{count}");
        if (!Directory.Exists(folder))
        {
            // Drawn beside it and renamed, so that an interrupted run leaves no half data set.
            string unfinished = Path.Combine(settings.Out, Path.GetRandomFileName());
            SampleBirds.Write(unfinished, new SampleBirdsOptions { Seeds = seeds, Count = count, Colouring = SampleColouring.Independent });
            Directory.Move(unfinished, folder);
        }

        return new(context.Data.LoadCub(folder), $"{count} {what} (seeds from {seeds.Start})");
    }

    private static string CubRows(string folder, CubSplit split, int? limit) =>
        $"the {(limit is { } count ? $"first {count} images of the " : "")}{(split == CubSplit.All ? "whole of" : split.ToString().ToLowerInvariant() + " rows of")} {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}";
}
