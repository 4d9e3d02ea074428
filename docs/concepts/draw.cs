#:project ../../src/MLNetGrounding/MLNetGrounding.csproj
#:project ../../src/MLNetGrounding.Samples/MLNetGrounding.Samples.csproj

// Draws the images of the pages about concepts, from what the sample model sees in one drawn bird:
//
//     dotnet run -c Release docs/concepts/draw.cs -- docs/concepts

using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

const string Word = "beak";
const int Layer = 2;
const int Head = 4;
string output = args.Length == 1 ? args[0] : throw new ArgumentException("Name the folder to write to.");
string folder = Directory.CreateTempSubdirectory("concepts-").FullName;
SampleBirds.Write(folder, new SampleBirdsOptions { Count = 7 });

var context = new MLContext();
IDataView birds = context.Data.LoadCub(folder, CubSplit.All);
EstimatorChain<RolloutMaskerTransformer> pipeline = context
    .Transforms.LoadGroundingImages()
    .Append(context.Transforms.ExtractAttention(SampleLlava.Directory, CubParts.Attributes, "bird"))
    .Append(context.Transforms.SelectHeads())
    .Append(context.Transforms.MaskByRollout());
using TransformerChain<RolloutMaskerTransformer> model = pipeline.Fit(birds);
IDataView last = context.Data.SkipRows(model.Transform(birds), 6);
using GroundedImage bird = context.Grounding.ReadImages(last, new GroundedImageColumns { Details = 1 }).First();
int word = bird.Queries.ToList().IndexOf(Word);
MapGrid grid = bird.Geometry.Grid;
GroundedLayers layers = bird.Layers!;
float[] layerMap = Map(layers.LayerMaps, (word * layers.Layers) + Layer);
float[] map = Map(bird.Methods[0].Maps, word);
float[] sum = [.. Enumerable.Range(0, grid.Cells).Select(SumOfLayers)];

Save(
    "attention-map.png",
    Overlay(
            new GroundingOverlayOptions
            {
                LongEdge = 300,
                Brightness = 1,
                Saturation = 1,
            }
        )
        .DrawLabel("the image"),
    Plain().DrawMap(Map(layers.FineAttention, (((word * layers.Layers) + Layer) * layers.Heads) + Head)).DrawLabel("one head"),
    Plain().DrawMap(layerMap).DrawLabel("a layer's kept heads"),
    Plain().DrawMap(map).DrawLabel("the grounding map")
);
Save(
    "rollout.png",
    Plain().DrawMap(bird.CoarseMask.Span).DrawLabel("bird: the coarse mask"),
    Plain().DrawMap(sum).DrawLabel("beak: all layers, no mask"),
    Plain().DrawMap(map).DrawLabel("beak: weighted by the mask")
);
Save(
    "scores.png",
    Scored(Plain().DrawMap(map).DrawRegion(map, 0.05), 0.05).DrawLabel("threshold 0.05"),
    Scored(Plain().DrawMap(map).DrawRegion(map, 0.3), 0.3).DrawLabel("threshold 0.3"),
    Scored(Plain().DrawMap(map).DrawRegion(Largest(0.05)), 0.05).DrawLabel("5 % of the frame")
);

// What the model answers rests on: pixels are shown, or hidden, from the map's largest cells to its smallest.
RgbImage pixels = ImageFile.ToRgb(bird.Image);
using var looker = VisionLanguageModel.Load(SampleLlava.Directory);
PreparedPrompt prompt = looker.Prepare([AttentionQuery.Fine(Word)]);
Answer answer = looker.Answer(pixels, prompt, new AnswerOptions { MaximumTokens = 1 }).Answers[0];
FaithfulnessCurves curves = looker.MeasureFaithfulness(pixels, prompt, 0, answer.TokenIds, [map])[0];
File.WriteAllText(Path.Combine(output, "faithfulness.svg"), Chart(curves));
Directory.Delete(folder, recursive: true);

GroundingOverlay Plain() => Overlay(new GroundingOverlayOptions { LongEdge = 300 });

GroundingOverlay Overlay(GroundingOverlayOptions options) => new(bird.Image, bird.Geometry, options);

float[] Map(ReadOnlyMemory<float> maps, int index) => maps.Slice(index * grid.Cells, grid.Cells).ToArray();

float SumOfLayers(int cell) =>
    Enumerable.Range(0, layers.Layers).Sum(layer => layers.LayerMaps.Span[(((word * layers.Layers) + layer) * grid.Cells) + cell]);

GroundingOverlay Scored(GroundingOverlay overlay, double threshold)
{
    foreach (int point in bird.KeyPointDescription.KeyPointTable![Word])
    {
        if (bird.KeyPointVisible.Span[point] > 0)
        {
            overlay.DrawScoredKeyPoint(bird.KeyPoints.Span[2 * point], bird.KeyPoints.Span[(2 * point) + 1], map, threshold);
        }
    }

    return overlay;
}

// The cells of largest value until they cover the share of the frame.
bool[] Largest(double share)
{
    float[] fractions = new float[grid.Cells];
    bird.Geometry.FrameFractions(fractions);
    double wanted = share * fractions.Sum();
    bool[] region = new bool[grid.Cells];
    foreach (int cell in Enumerable.Range(0, grid.Cells).OrderByDescending(cell => map[cell]))
    {
        if (wanted <= 0)
        {
            break;
        }

        region[cell] = true;
        wanted -= fractions[cell];
    }

    return region;
}

void Save(string name, params GroundingOverlay[] overlays)
{
    GroundingOverlay.SaveSheet(overlays, overlays.Length, Path.Combine(output, name));
    Array.ForEach(overlays, overlay => overlay.Dispose());
}

static string Chart(FaithfulnessCurves curves)
{
    StringBuilder svg = new();
    svg.AppendLine(
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" font-size="14" fill="#444">"""
    );
    svg.AppendLine("""<rect width="640" height="360" fill="#fff"/>""");
    foreach (double tick in new[] { 0, 0.25, 0.5, 0.75, 1 })
    {
        svg.AppendLine($"""<path d="M60 {Y(tick)}H480M{X(tick)} 310v6" stroke="#ddd"/>""");
        svg.AppendLine($"""<text x="52" y="{Y(tick)}" dy="5" text-anchor="end">{Number(tick)}</text>""");
        svg.AppendLine($"""<text x="{X(tick)}" y="332" text-anchor="middle">{tick:P0}</text>""");
    }

    Line(curves.Insertion, "#0b7285", $"insertion, area {Number(curves.InsertionArea)}");
    Line(curves.Deletion, "#c92a2a", $"deletion, area {Number(curves.DeletionArea)}");
    svg.AppendLine("""<text x="270" y="354" text-anchor="middle">share of the pixels shown, or hidden</text>""");
    svg.AppendLine("""<text x="60" y="24">probability of the answer</text>""");
    svg.AppendLine("</svg>");
    return svg.ToString().ReplaceLineEndings("\n");

    void Line(IReadOnlyList<double> values, string color, string name)
    {
        string points = string.Join(' ', values.Select((value, index) => $"{X(curves.Shares[index])},{Y(value)}"));
        svg.AppendLine($"""<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2.5"/>""");
        svg.AppendLine($"""<text x="488" y="{Y(values[^1])}" dy="5" fill="{color}">{name}</text>""");
    }

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
    static string X(double share) => Number(60 + (420 * share));
    static string Y(double value) => Number(310 - (270 * value));
}
