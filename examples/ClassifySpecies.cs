#:project ../src/MLNetGrounding/MLNetGrounding.csproj
#:project ../src/MLNetGrounding.Samples/MLNetGrounding.Samples.csproj

// Species that differ in the color of one part: a stock trainer on where the model looks for each part, saved and loaded again.
//
//     dotnet run -c Release examples/ClassifySpecies.cs

using Microsoft.ML;
using MLNetGrounding;

if (args.Length > 0)
{
    Console.WriteLine(
        """
        Trains a stock ML.NET classifier on where the sample model looks for each part of a bird, saves it and loads it again.

            dotnet run -c Release examples/ClassifySpecies.cs

        It takes no arguments.
        """
    );
    return args[0] is "--help" or "-h" ? 0 : 2;
}

// 1. Data: 24 species in pairs that differ in the color of one part.
string folder = Directory.CreateTempSubdirectory("classify-species-").FullName;
string birds = SampleBirds.Write(Path.Combine(folder, "birds"), new SampleBirdsOptions { Seeds = SampleSeeds.Classifier, Count = 384 });

var context = new MLContext(seed: 1);
IDataView train = context.Data.LoadCub(birds, CubSplit.Train);
IDataView test = context.Data.LoadCub(birds, CubSplit.Test);

// 2. Features. One run of each image through the model gives the features; cached, so that the trainer's passes do not run it again.
var features = context
    .Transforms.LoadGroundingImages()
    .Append(
        context.Transforms.ExtractAttention(
            new AttentionExtractorOptions
            {
                ModelDirectory = SampleLlava.Directory,
                Words = CubParts.Attributes,
                PatchFeaturesColumnName = "PatchFeatures",
            }
        )
    )
    .Append(context.Transforms.SelectHeads())
    .Append(context.Transforms.MaskByRollout())
    .Append(context.Transforms.FeaturizeGrounding())
    .Append(context.Transforms.SelectColumns("Species", "GroundingFeatures"))
    .AppendCacheCheckpoint(context);

// 3. A stock trainer behind them. Features are normalized, or the trainer learns nothing.
var pipeline = features
    .Append(context.Transforms.Conversion.MapValueToKey("Label", "Species"))
    .Append(context.Transforms.NormalizeMeanVariance("GroundingFeatures", fixZero: false))
    .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy("Label", "GroundingFeatures", maximumNumberOfIterations: 100));
using var model = pipeline.Fit(train);

// 4. Saved and loaded. The file holds the pipeline and the classifier; the checkpoint is named in it and found again.
string file = Path.Combine(folder, "species.zip");
context.Model.Save(model, train.Schema, file);
ITransformer loaded = new MLContext().Model.Load(file, out _);
var metrics = context.MulticlassClassification.Evaluate(loaded.Transform(test));
Console.WriteLine(
    $"{metrics.MacroAccuracy:P1} of the birds are named right, of {metrics.PerClassLogLoss.Count} species in pairs that differ in one part's color."
);

(loaded as IDisposable)?.Dispose();
Directory.Delete(folder, recursive: true);
return 0;
