#:project ../src/MLNetGrounding/MLNetGrounding.csproj
#:project ../src/MLNetGrounding.Samples/MLNetGrounding.Samples.csproj

// Asks the sample model where the beak, the wing and the tail of twelve drawn birds are, and prints how well it looks.
//
//     dotnet run -c Release examples/QuickStart.cs

using Microsoft.ML;
using MLNetGrounding;

string folder = Path.Combine(Directory.CreateTempSubdirectory("quick-start-").FullName, "birds");
SampleBirds.Write(folder, new SampleBirdsOptions { Count = 12 });

var context = new MLContext();
IDataView birds = context.Data.LoadCub(folder, CubSplit.All);
var pipeline = context
    .Transforms.LoadGroundingImages()
    .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, words: ["beak", "wing", "tail"]))
    .Append(context.Transforms.SelectHeads())
    .Append(context.Transforms.MaskByRollout())
    .Append(context.Transforms.EvaluateMpir());
using var model = pipeline.Fit(birds);

GroundingMetrics metrics = context.Grounding.Evaluate(model.Transform(birds));

foreach (AttributeMetrics attribute in metrics.Attributes)
{
    Console.WriteLine(
        $"{attribute.Name, -6} mPIR {attribute.MeanMpir, 5:0.0}  hit rate {attribute.HitRate, 4:P0}  median area {attribute.MedianArea, 6:P1}  ({attribute.Count} birds)"
    );
}

Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
