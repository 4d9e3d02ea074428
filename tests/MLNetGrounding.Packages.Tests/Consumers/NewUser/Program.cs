using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

// Photos of a folder that show no birds: looked at, classified, saved; loaded and served by other processes.
switch (args)
{
    case ["draw", var folder]:
        Photos.Draw(folder, count: 24);
        break;
    case ["look", var folder]:
        Look(folder);
        break;
    case ["train", var folder, var file]:
        Train(folder, file);
        break;
    case ["predict", var file, .. var paths]:
        Predict(file, paths);
        break;
    case ["serve", var file, .. var paths]:
        await Serve(file, paths);
        break;
    default:
        Console.Error.WriteLine("draw FOLDER | look FOLDER | train FOLDER FILE | predict FILE PHOTO... | serve FILE PHOTO...");
        return 2;
}

return 0;

// Words of one's own, a box in pixels for each.
static void Look(string folder)
{
    var context = new MLContext();
    IDataView photos = context.Data.LoadImageFiles(folder);
    var pipeline = context.Transforms.LoadGroundingImages()
        .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, words: ["wheel", "door"], @object: "car"))
        .Append(context.Transforms.SelectHeads())
        .Append(context.Transforms.MaskByRollout());
    using GroundingEngine engine = context.Model.CreateGroundingEngine(pipeline.Fit(photos), regionThreshold: 0.3);
    foreach (string path in photos.GetColumn<string>("ImagePath").Take(4))
        foreach (GroundedQuery word in engine.Predict(path).Queries)
            Console.WriteLine($"{Path.GetFileName(path)}: {word.Name} at {word.Region.Box}");
}

// A classifier on what the model looked at, cross-validated and saved; overlays.
static void Train(string folder, string file)
{
    var context = new MLContext(seed: 1);
    context.Log += (_, message) =>
    {
        if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning && message.RawMessage.Contains("a second time"))
            Console.WriteLine($"warning: {message.RawMessage}");
    };
    IDataView photos = context.Data.LoadImageFiles(folder);
    var features = context.Transforms.GroundingFeatures(SampleLlava.Directory, ["wheel", "door"], "car", normalize: false).Fit(photos);
    IDataView rows = context.Data.Cache(features.Transform(photos), "Features", "Label");
    var classifier = context.Transforms.Conversion.MapValueToKey("Label")
        .Append(context.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy());
    var folds = context.MulticlassClassification.CrossValidate(rows, classifier, numberOfFolds: 4);
    Console.WriteLine($"accuracy {folds.Average(fold => fold.Metrics.MicroAccuracy):0.00} in {folds.Count} folds");
    using var model = features.Append(classifier.Fit(rows));
    context.Model.SaveGrounding(model, photos.Schema, file);
    Console.WriteLine($"saved {file}");

    IDataView few = context.Data.TakeRows(photos, 3);
    IReadOnlyList<string> overlays = context.Grounding.SaveOverlays(model.Transform(few), "overlays", regionThreshold: 0.3);
    Console.WriteLine($"{overlays.Count} overlays, the first {overlays[0]}");
}

// Loaded elsewhere: the class beside the boxes.
static void Predict(string file, string[] paths)
{
    var context = new MLContext();
    using GroundingEngine engine = context.Model.CreateGroundingEngine(context.Model.LoadGrounding(file, out _), regionThreshold: 0.3);
    foreach (string path in paths)
    {
        GroundingPrediction photo = engine.Predict(path);
        Console.WriteLine($"{path}: {photo.PredictedLabel}, wheel at {photo["wheel"].Region.Box}");
    }
}

// Served, and asked over the network by several clients at once.
static async Task Serve(string file, string[] paths)
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddGroundingEngine(file, options => options.Engine.RegionThreshold = 0.3);
    await using WebApplication app = builder.Build();
    app.Urls.Add("http://127.0.0.1:0");
    app.MapPost("/look", async (HttpRequest request, GroundingEnginePool pool, CancellationToken cancellationToken) =>
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        using MLImage image = ImageFile.Load(body);
        GroundingPrediction photo = await pool.PredictAsync(image, cancellationToken);
        return new { photo.PredictedLabel, Boxes = photo.Queries.ToDictionary(word => word.Name, word => word.Region.Box) };
    });
    await app.StartAsync();

    using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
    string[] answers = await Task.WhenAll(paths.Select(async path =>
    {
        using HttpResponseMessage response = await client.PostAsync("/look", new ByteArrayContent(File.ReadAllBytes(path)));
        return $"POST {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }));
    foreach (string answer in answers)
        Console.WriteLine(answer);
}
