using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace Table1;

/// <summary>Rows, and what they are called in reports.</summary>
/// <param name="View">The rows.</param>
/// <param name="Description">What they are called.</param>
/// <param name="Data">Where they are; of sample birds the folder that they were drawn into.</param>
internal sealed record Table1Rows(IDataView View, string Description, DataSettings Data)
{
    /// <summary>The files of the images, by row.</summary>
    public IReadOnlyList<string> Paths { get; } = [.. View.GetColumn<string>(GroundingColumns.ImagePath)];

    /// <summary>Whether there are key points to score on.</summary>
    public bool IsAnnotated => View.Schema.GetColumnOrNull(GroundingColumns.KeyPoints) is not null;

    /// <summary>The column that tells images from each other.</summary>
    public string ImageId => IsAnnotated ? GroundingColumns.ImageId : GroundingColumns.ImagePath;

    /// <summary>What the key points are.</summary>
    public KeyPointDescription KeyPoints =>
        View.Schema.GetColumnOrNull(GroundingColumns.KeyPoints) is { } column ? KeyPointDescription.Of(column) : new KeyPointDescription();

    /// <summary>The words that the data has points for.</summary>
    public IReadOnlyList<string> Words =>
        KeyPoints is { KeyPointTable.Count: > 0 } described ? [.. described.KeyPointTable.Keys] : KeyPoints.Names;

    /// <summary>The rows of the table: the sample birds of the table's seeds, or those that are named.</summary>
    public static Table1Rows ToScore(MLContext context, Table1Settings settings) =>
        settings.Data.IsSample ? Sample(context, settings, SampleSeeds.Table, "held-out sample birds")
        : settings.Data.Photos.Count > 0 ? Photos(context, settings.Data)
        : Load(context, settings.Data);

    /// <summary>
    /// Rows to learn and choose on, none of which is scored: the sample birds of the threshold's seeds, CUB's training rows, or those of
    /// another file; null where there are none.
    /// </summary>
    public static Table1Rows? ToLearnFrom(MLContext context, Table1Settings settings) =>
        settings switch
        {
            { Data.IsSample: true } => Sample(context, settings, SampleSeeds.ThresholdChoice, "other sample birds"),
            { Data: { Cub: not null, Split: CubSplit.Test } } => Load(context, settings.Data with { Split = CubSplit.Train }),
            { LearnOn: { } file, Data.Coco: not null } => Load(context, settings.Data with { Coco = file }),
            { LearnOn: { } file, Data.Points: not null } => Load(context, settings.Data with { Points = file }),
            _ => null,
        };

    /// <summary>The rows of a run that is finished.</summary>
    public static Table1Rows Again(MLContext context, DataSettings data) =>
        data.Photos.Count > 0 ? Photos(context, data) : Load(context, data);

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
        return new(
            context.Data.LoadCub(folder),
            $"{count} {what} (seeds from {seeds.Start})",
            settings.Data with
            {
                Cub = folder,
                Split = CubSplit.All,
            }
        );
    }

    private static Table1Rows Load(MLContext context, DataSettings data)
    {
        string first = data.Limit is { } count ? $"first {count} {(data.EachAnnotation ? "annotations" : "images")} of the " : "";
        string part =
            data.Cub is null ? "annotated images of"
            : data.Split == CubSplit.All ? "whole of"
            : data.Split.ToString().ToLowerInvariant() + " rows of";
        string path = data.Cub ?? data.Coco ?? data.Points!;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return new(data.Load(context), $"the {first}{part} {name}", data);
    }

    private static Table1Rows Photos(MLContext context, DataSettings data)
    {
        IEnumerable<string> paths = data
            .Photos.SelectMany(source => context.Data.LoadImageFiles(source).GetColumn<string>(GroundingColumns.ImagePath))
            .Distinct();
        PhotoRow[] rows = [.. (data.Limit is { } limit ? paths.Take(limit) : paths).Select(path => new PhotoRow { ImagePath = path })];
        string[] names = [.. data.Photos.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        return new(
            context.Data.LoadFromEnumerable(rows),
            $"{rows.Length} {(rows.Length == 1 ? "image" : "images")} of {string.Join(", ", names)}, without annotations",
            data
        );
    }

    private sealed class PhotoRow
    {
        public string ImagePath { get; set; } = "";
    }
}
