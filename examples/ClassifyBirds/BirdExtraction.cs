using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Samples;

namespace ClassifyBirds;

/// <summary>Pictures through the model and the method, once; everything after reads the file that is written here.</summary>
internal sealed class BirdExtraction(MLContext context, ClassifyBirdsSettings settings)
{
    private static readonly string[] Columns =
        ["Species", "IsTrain", "GroundingMaps", "PatchFeatures", "Geometry", "KeyPoints", "KeyPointVisible"];

    /// <summary>Extracts where there is nothing to reuse.</summary>
    /// <returns>The file, in the format of <c>SaveAsBinary</c>.</returns>
    public string Run(CancellationToken cancellationToken)
    {
        string file = Path.Combine(settings.Out, "extracted.idv");
        if (settings.Reuse && File.Exists(file))
        {
            return file;
        }

        Directory.CreateDirectory(settings.Out);
        string unfinished = file + ".unfinished";
        using (FileStream stream = File.Create(unfinished))
        {
            Extract(stream, cancellationToken);
        }

        File.Move(unfinished, file, overwrite: true);
        return file;
    }

    private void Extract(Stream stream, CancellationToken cancellationToken)
    {
        IDataView images = Images();
        using var pipeline = context.Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(new AttentionExtractorOptions
            {
                ModelDirectory = settings.Model == ClassifyBirdsSettings.SampleModel ? SampleLlava.Directory : settings.Model,
                PatchFeaturesColumnName = "PatchFeatures",
                CancellationToken = cancellationToken,
            }))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Append(context.Transforms.SelectColumns(Columns))
            .Fit(images);
        context.Data.SaveAsBinary(pipeline.Transform(images), stream);
    }

    /// <summary>Train and test pictures, told apart by <c>IsTrain</c>: CUB's own split, or sample birds, each of its own seed.</summary>
    private IDataView Images()
    {
        if (settings.Cub is not null)
        {
            return context.Data.LoadCub(settings.Cub);
        }

        string folder = Path.Combine(settings.Out, "sample-birds");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return context.Data.LoadCub(SampleBirds.Write(folder, new SampleBirdsOptions
        {
            Seeds = SampleSeeds.Classifier,
            Count = SpeciesPairs.SampleSpecies * settings.Birds,
            TrainFraction = 0.5,
        }));
    }
}
