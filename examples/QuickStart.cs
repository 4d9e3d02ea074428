#:project ../src/MLNetGrounding/MLNetGrounding.csproj
#:project ../src/MLNetGrounding.Samples/MLNetGrounding.Samples.csproj

// Asks the sample model where the beak, the wing and the tail of twelve drawn birds are, and prints how well it looks.
//
//     dotnet run -c Release examples/QuickStart.cs

using Microsoft.ML;
using MLNetGrounding;

if (args.Length > 0)
{
    Console.WriteLine(
        """
        Asks the sample model where the beak, the wing and the tail of twelve drawn birds are, and prints how well it looks.

            dotnet run -c Release examples/QuickStart.cs

        It takes no arguments; to use your own words, change the list behind 'words:'. The next one is SingleImage.cs.
        """
    );
    return args[0] is "--help" or "-h" ? 0 : 2;
}

// 1. Data: rows with a path, key points and a box for each image. The birds are drawn, so that every part is known to the pixel.
string folder = Path.Combine(Directory.CreateTempSubdirectory("quick-start-").FullName, "birds");
SampleBirds.Write(folder, new SampleBirdsOptions { Count = 12 });
var context = new MLContext();
IDataView birds = context.Data.LoadCub(folder, CubSplit.All);

// 2. The pipeline: each step adds columns to the rows. Nothing is computed yet.
var pipeline = context
    // The image of each path.
    .Transforms.LoadGroundingImages()
    // One pass of the model over image and questions: where each word looks, in every layer and head.
    .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, words: ["beak", "wing", "tail"]))
    // Heads that look at one compact place are kept and joined, layer by layer.
    .Append(context.Transforms.SelectHeads())
    // Layers are weighted by where the word "bird" gets its information from, and summed up to a map for each word.
    .Append(context.Transforms.MaskByRollout())
    // The map's region, and whether the annotated key points lie in it.
    .Append(context.Transforms.EvaluateMpir());

// 3. A model, in ML.NET's sense: it can be saved, loaded and run over other rows. Disposing it lets the checkpoint go.
using var model = pipeline.Fit(birds);

// 4. Scores: rows are read here, and only here the checkpoint runs.
GroundingMetrics metrics = context.Grounding.Evaluate(model.Transform(birds));
foreach (AttributeMetrics attribute in metrics.Attributes)
{
    Console.WriteLine(
        $"{attribute.Name, -6} mPIR {attribute.MeanMpir, 5:0.0}  hit rate {attribute.HitRate, 4:P0}  median area {attribute.MedianArea, 6:P1}  ({attribute.Count} birds)"
    );
}

Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
return 0;
