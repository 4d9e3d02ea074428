#:project ../src/MLNetGrounding/MLNetGrounding.csproj
#:project ../src/MLNetGrounding.Samples/MLNetGrounding.Samples.csproj

// Asks a model where some words are in one image, prints the regions and draws one of them.
//
//     dotnet run -c Release examples/SingleImage.cs
//     dotnet run -c Release examples/SingleImage.cs -- photo.jpg llava-1.5-7b-hf car wheel door

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(
        """
        Asks a model where some words are in one image, prints the regions and draws one of them.

            dotnet run -c Release examples/SingleImage.cs -- [IMAGE [MODEL [OBJECT [WORD...]]]]

        IMAGE   a photo; a drawn bird where there is none
        MODEL   a checkpoint folder, or the name of a model in the cache; the sample model, which knows drawn birds and cars only
        OBJECT  what the words are parts of (bird)
        WORD    what to look for (beak wing tail)
        """
    );
    return 0;
}

// 1. What to look at, with which model, and what for.
string output = "single-image.png";
string scratch = Directory.CreateTempSubdirectory("single-image-").FullName;
string path = args.Length > 0 ? args[0] : DrawABird(Path.Combine(scratch, "birds"));
string checkpoint = args.Length > 1 ? args[1] : SampleLlava.Directory;
string @object = args.Length > 2 ? args[2] : "bird";
string[] words = args.Length > 3 ? args[3..] : ["beak", "wing", "tail"];

// 2. The pipeline of QuickStart.cs without scores: there are no annotations.
var context = new MLContext();
var pipeline = context
    .Transforms.LoadGroundingImages()
    .Append(context.Transforms.ExtractAttention(checkpoint, words, @object))
    .Append(context.Transforms.SelectHeads())
    .Append(context.Transforms.MaskByRollout());
IDataView noRows = context.Data.LoadFromEnumerable(Array.Empty<ImageRow>());

// 3. An engine for single images. Disposing the engine disposes the model. For several threads make one engine each over one model.
using GroundingEngine engine = context.Model.CreateGroundingEngine(pipeline.Fit(noRows), regionThreshold: 0.3);
using MLImage image = ImageFile.Load(path);
GroundingPrediction prediction = engine.Predict(image);
foreach (GroundedQuery query in prediction.Queries)
{
    string box = query.Region.Box is { } pixels ? $"{pixels.Width} x {pixels.Height} pixels at ({pixels.X}, {pixels.Y})" : "nowhere";
    Console.WriteLine($"{query.Name}: {query.Region.Area:P1} of the image, {box}");
}

// 4. An overlay: the map's largest values, the region's outline, a label.
GroundedQuery first = prediction.Queries[0];
using var overlay = new GroundingOverlay(image, prediction.Geometry!.Value);
overlay.DrawMap(first.Map.Span).DrawRegion(first.Map.Span, 0.3).DrawLabel(first.Name).Save(output);
Console.WriteLine($"{Path.GetFullPath(output)} shows where the model looks for the {first.Name} in {Path.GetFileName(path)}.");
Directory.Delete(scratch, recursive: true);
return 0;

static string DrawABird(string folder)
{
    SampleBirds.Write(folder, new SampleBirdsOptions { Count = 1 });
    return Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).First(file => !file.Contains("part_masks"));
}

internal sealed class ImageRow
{
    public string ImagePath { get; set; } = "";
}
