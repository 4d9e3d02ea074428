using Contoso;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

// Two methods and a score that the library does not know: grounded, scored, reported, saved and loaded.
string folder = Directory.CreateTempSubdirectory("own-").FullName;
SampleBirds.Write(Path.Combine(folder, "birds"), new SampleBirdsOptions { Count = 6 });
var context = new MLContext(seed: 1);
IDataView birds = context.Data.LoadCub(Path.Combine(folder, "birds"));

GroundingMethod[] methods =
[
    GroundingMethods.AllHeadsMean,
    new StrongestHeadGrounding { Name = "StrongestHead", FirstLayer = 1 },
    new WholeQuestionGrounding { Name = "WholeQuestion", Smoothing = new GaussianSmoothing() },
];
using var model = context.Transforms.LoadGroundingImages()
    .Append(context.Transforms.GroundByMethods(SampleLlava.Directory, methods: methods, words: ["beak", "wing"]))
    .Fit(birds);
IDataView grounded = model.Transform(birds);

MethodEvaluation evaluation = context.GetGrounding().EvaluateMethods(grounded, new MethodEvaluationOptions
{
    FurtherScores = [new PeakDistanceScore()],
    ChanceDraws = 100,
});
foreach (MethodScores method in evaluation.Methods.Where(method => method.Kind == MethodKind.Method))
{
    Estimate distance = method.Mean.Further["peak_distance"];
    Console.WriteLine(FormattableString.Invariant($"{method.Name} peak_distance {distance.Value:0.000} from {distance.Low:0.000} to {distance.High:0.000}"));
}

Console.WriteLine(evaluation.ToCsv().Contains("StrongestHead,Method,mean,", StringComparison.Ordinal));
context.GetGrounding().WriteReport(
    grounded,
    Path.Combine(folder, "report.html"),
    new GroundingReportOptions { FurtherScores = [new PeakDistanceScore()] });
Console.WriteLine(File.ReadAllText(Path.Combine(folder, "report.html")).Contains("peak_distance", StringComparison.Ordinal));

string saved = Path.Combine(folder, "model.zip");
try
{
    context.Model.SaveGrounding(model, birds.Schema, saved);
}
catch (NotSupportedException refused)
{
    Console.WriteLine(refused.Message);
}

GroundingMethods.Register<StrongestHeadGrounding>("Contoso.StrongestHead");
GroundingMethods.Register<WholeQuestionGrounding>("Contoso.WholeQuestion");
context.Model.SaveGrounding(model, birds.Schema, saved);
ITransformer loaded = context.Model.LoadGrounding(saved, out _);
foreach (string name in new[] { "StrongestHead", "WholeQuestion" })
{
    float[][] before = [.. grounded.GetColumn<float[]>($"GroundingMaps.{name}")];
    float[][] after = [.. loaded.Transform(birds).GetColumn<float[]>($"GroundingMaps.{name}")];
    Console.WriteLine($"{name} {before.Length} {before.Zip(after).All(pair => pair.First.Any(value => value > 0) && pair.First.AsSpan().SequenceEqual(pair.Second))}");
}

(loaded as IDisposable)?.Dispose();
Directory.Delete(folder, recursive: true);
