using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;

namespace ClassifyBirds;

/// <summary>Images through the model and the method, once; everything after reads the file that is written here.</summary>
internal sealed class BirdExtraction(MLContext context, ClassifyBirdsSettings settings, IAnsiConsole messages)
{
    private readonly RowWarnings _warnings = new(context);

    /// <summary>Extracts where there is nothing to reuse.</summary>
    /// <returns>The file, in the format of <c>SaveAsBinary</c>.</returns>
    public string Run(CancellationToken cancellationToken)
    {
        string file = Path.Combine(settings.Out, "extracted.idv");
        using VisionLanguageModel model = settings.Model.Load();
        Dictionary<string, string> record = Record(model);
        if (settings.Reuse && File.Exists(file))
        {
            RejectOtherExtraction(file, record);
            return file;
        }

        Outputs.CheckFile(RunRecord.PathOf(file));
        string unfinished = file + ".unfinished";
        using (FileStream stream = File.Create(unfinished))
        {
            Extract(model, stream, cancellationToken);
        }

        // In this order the record never belongs to another file.
        File.Delete(file);
        RunRecord.Write(file, record);
        File.Move(unfinished, file);
        return file;
    }

    /// <summary>What the extraction depends on.</summary>
    private Dictionary<string, string> Record(VisionLanguageModel model) =>
        new(settings.Model.Record)
        {
            // Raised whenever one of the settings, or what is extracted, changes its meaning.
            [RunRecord.VersionKey] = "2",
            ["data"] = settings.Data.Cub is { } cub ? Path.GetFullPath(cub) : $"{settings.Birds} sample birds of each species",
            ["limit"] = settings.Data.Limit?.ToString(CultureInfo.InvariantCulture) ?? "none",
            ["model"] = model.Fingerprint,
            ["object"] = settings.Model.ObjectFor(model),
            ["stored pixels"] = settings.Data.AsStored ? "yes" : "no",
            ["largest image"] = settings.Data.MaxPixels.ToString(CultureInfo.InvariantCulture),
        };

    private static void RejectOtherExtraction(string file, Dictionary<string, string> record)
    {
        if (RunRecord.Read(file) is not { } earlier)
        {
            throw new CommandException(
                $"'{RunRecord.PathOf(file)}', which says what '{file}' was extracted from, does not exist. Leave out --reuse to extract again."
            );
        }

        RunRecord.RequireVersion(file, earlier, record, "Leave out --reuse to extract again, or name another folder with --out.");
        if (RunRecord.Differences(earlier, record) is { Length: > 0 } differences)
        {
            throw new CommandException(
                $"'{file}' was extracted from something else: {differences}. Leave out --reuse to extract again, or name another folder with --out."
            );
        }
    }

    private void Extract(VisionLanguageModel model, Stream stream, CancellationToken cancellationToken)
    {
        IDataView images = Images(cancellationToken);
        string[] paths = [.. images.GetColumn<string>("ImagePath")];
        using TransformerChain<RolloutMaskerTransformer> pipeline = context
            .Transforms.LoadGroundingImages(loading: settings.Data.Loading)
            .Append(
                context.Transforms.ExtractAttention(
                    new AttentionExtractorOptions
                    {
                        Model = model,
                        Words = CubParts.Attributes,
                        Object = settings.Model.ObjectFor(model),
                        Capture = settings.Model.Capture,
                        Cells = settings.Model.Cells,
                        Aspect = settings.Model.Aspect,
                        PatchFeaturesColumnName = nameof(ExtractedBird.PatchFeatures),
                        CancellationToken = cancellationToken,
                    }
                )
            )
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Fit(images);
        IDataView extracted = pipeline.Transform(images);
        _warnings.WriteOthers(messages);
        ProgressReport.Run(
            messages,
            paths.Length,
            advance =>
            {
                using var rows = new RowsComputedOnce<ExtractedBird>(Rows(extracted, paths, advance));
                context.Data.SaveAsBinary(context.Data.LoadFromEnumerable(rows, DefinitionOf(extracted.Schema)), stream);
            }
        );
        _warnings.WriteOthers(messages);
    }

    private IEnumerable<ExtractedBird> Rows(IDataView extracted, string[] paths, Action advance)
    {
        int position = 0;
        foreach (ExtractedBird row in context.Data.CreateEnumerable<ExtractedBird>(extracted, reuseRowObject: false))
        {
            _warnings.WriteSkipped(messages, position, paths[position]);
            position++;
            yield return row;
            advance();
        }
    }

    /// <summary>The columns' sizes, and the names of the queries.</summary>
    private static SchemaDefinition DefinitionOf(DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(ExtractedBird));
        foreach (SchemaDefinition.Column column in definition)
        {
            column.ColumnType = schema[column.ColumnName].Type;
        }

        const string kind = GroundingAnnotations.QueryNames;
        VBuffer<ReadOnlyMemory<char>> queries = default;
        DataViewSchema.Annotations annotations = schema[nameof(ExtractedBird.GroundingMaps)].Annotations;
        annotations.GetValue(kind, ref queries);
        definition[nameof(ExtractedBird.GroundingMaps)].AddAnnotation(kind, queries, annotations.Schema[kind].Type);
        return definition;
    }

    /// <summary>Train and test images, told apart by <c>IsTrain</c>: CUB's own split, or sample birds, each of its own seed.</summary>
    private IDataView Images(CancellationToken cancellationToken) =>
        context.Data.LoadCub(
            settings.Data.Cub
                ?? SampleBirdFolder.Prepare(
                    settings.Out,
                    new SampleBirdsOptions
                    {
                        Seeds = SampleSeeds.Classifier,
                        Count = SpeciesPairs.SampleSpecies * settings.Birds,
                        TrainFraction = 0.5,
                    },
                    cancellationToken
                ),
            settings.Data.Options
        );
}
