#:project ../src/MLNetGrounding/MLNetGrounding.csproj
#:project ../src/MLNetGrounding.Samples/MLNetGrounding.Samples.csproj

// Extract once, sweep often: the model runs over 100 drawn birds once, its maps go to a file, and the threshold of the predicted regions
// is swept over that file in other processes or on other days.
//
//     dotnet run -c Release examples/SweepThresholds.cs

using System.Diagnostics;
using Microsoft.ML;
using MLNetGrounding;

if (args.Length > 0)
{
    Console.WriteLine(
        """
        Extract once, sweep often: saves the maps of 100 drawn birds, then sweeps the threshold of the regions over the file.

            dotnet run -c Release examples/SweepThresholds.cs

        It takes no arguments.
        """
    );
    return args[0] is "--help" or "-h" ? 0 : 2;
}

// 1. Data.
string folder = Directory.CreateTempSubdirectory("sweep-").FullName;
string birdsFolder = Path.Combine(folder, "birds");
string mapsFile = Path.Combine(folder, "maps.idv");
SampleBirds.Write(birdsFolder, new SampleBirdsOptions { Seeds = SampleSeeds.ThresholdChoice, Count = 100 });

var context = new MLContext();
var watch = Stopwatch.StartNew();
IDataView birds = context.Data.LoadCub(birdsFolder, CubSplit.All);

// 2. The expensive half of the pipeline, and the columns that the other half needs.
var extraction = context
    .Transforms.LoadGroundingImages()
    .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, CubParts.Attributes))
    .Append(context.Transforms.SelectHeads())
    .Append(context.Transforms.MaskByRollout())
    .Append(context.Transforms.SelectColumns("GroundingMaps", "Geometry", "KeyPoints", "KeyPointVisible"));
using (var model = extraction.Fit(birds))
using (FileStream file = File.Create(mapsFile))
{
    // SaveAsBinary reads the first rows twice, to choose the size of the file's blocks; the cache computes each once.
    context.Data.SaveAsBinary(context.Data.Cache(model.Transform(birds)), file);
}

double extractionSeconds = watch.Elapsed.TotalSeconds;
Console.WriteLine($"extraction  {extractionSeconds:0.00} s, {new FileInfo(mapsFile).Length / 1e6:0.0} MB of maps");

// 3. The cheap half, over the file: no model is loaded.
Console.WriteLine("threshold   mPIR  hit rate  median area  seconds");
watch.Restart();
int sweeps = 0;
for (double threshold = 0.05; threshold < 0.65; threshold += 0.05, sweeps++)
{
    var step = Stopwatch.StartNew();
    IDataView maps = context.Data.LoadFromBinary(mapsFile);
    using MpirEvaluatorTransformer evaluator = context
        .Transforms.EvaluateMpir(new MpirEvaluatorOptions { RegionThreshold = threshold })
        .Fit(maps);
    AttributeMetrics all = context.Grounding.Evaluate(evaluator.Transform(maps)).Overall;
    Console.WriteLine(
        $"{threshold, 9:0.00} {all.MeanMpir, 6:0.0} {all.HitRate, 9:P1} {all.MedianArea, 12:P1} {step.Elapsed.TotalSeconds, 8:0.000}"
    );
}

double sweepSeconds = watch.Elapsed.TotalSeconds;
Console.WriteLine(
    $"{sweeps} thresholds in {sweepSeconds:0.00} s; extracting anew for each would have taken {sweeps * extractionSeconds:0} s"
);
Directory.Delete(folder, recursive: true);
return 0;
