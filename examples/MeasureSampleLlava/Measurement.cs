using System.Globalization;
using System.Text;
using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Llava;
using MLNetGrounding.Maths;
using MLNetGrounding.Samples;

namespace MeasureSampleLlava;

/// <summary>Grounds birds that the model never saw and compares regions with what was drawn.</summary>
internal sealed class Measurement : IDisposable
{
    private const double PaperThreshold = 0.05;

    // The fixed permutation: a map that shows where its own query is should do badly on the other's part.
    private static readonly (string, string)[] Swaps = [("eye", "tail"), ("beak", "leg"), ("head", "belly"), ("breast", "back"), ("wing", "throat")];

    private readonly MLContext _context = new(seed: 1);
    private readonly LlavaModel _model;
    private readonly IReadOnlyList<string> _attributes = CubParts.Attributes;
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-birds-").FullName;

    private Measurement(string modelDirectory) => _model = LlavaModel.Load(modelDirectory);

    /// <summary>Runs everything and returns the tables as Markdown.</summary>
    public static string Run(string modelDirectory, int birds)
    {
        using Measurement measurement = new(modelDirectory);
        GroundedBird[] chosenOn = measurement.Ground(SampleSeeds.ThresholdChoice, birds);
        GroundedBird[] heldOut = measurement.Ground(SampleSeeds.Table, birds);
        double threshold = measurement.ChooseThreshold(chosenOn);
        return measurement.Report(heldOut, chosenOn.Length, threshold);
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private GroundedBird[] Ground(SampleSeedRange seeds, int count)
    {
        string dataset = SampleBirds.Write(Path.Combine(_folder, seeds.Name), new SampleBirdsOptions { Seeds = seeds, Count = count, Colouring = SampleColouring.Independent });
        IDataView rows = _context.Data.LoadCub(dataset);
        var pipeline = _context.Transforms.LoadGroundingImages()
            .Append(_context.Transforms.ExtractAttention(new AttentionExtractorOptions { Model = _model }))
            .Append(_context.Transforms.SelectHeads())
            .Append(_context.Transforms.MaskByRollout());
        GroundedBird[] birds = [.. _context.Data.CreateEnumerable<GroundedBird>(pipeline.Fit(rows).Transform(rows), reuseRowObject: false, ignoreMissingColumns: true)];
        foreach (GroundedBird bird in birds)
        {
            bird.Parts = PartCells.Read(bird.ImagePath, ImageGeometry.FromVector(bird.Geometry), _model.Configuration.Grid);
        }

        return birds;
    }

    /// <summary>The region threshold with the best mean overlap with the parts' masks, on birds that the tables do not use.</summary>
    private double ChooseThreshold(GroundedBird[] birds) =>
        Enumerable.Range(1, 19).Select(step => step * 0.05).MaxBy(threshold => Score(birds, Own, threshold).Average(score => score.Overlap));

    private string Report(GroundedBird[] birds, int chosenOn, double threshold)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{birds.Length} held-out birds, {_model.Configuration.Grid} x {_model.Configuration.Grid} cells, {_model.Configuration.TextLayers} layers of {_model.Configuration.TextHeads} heads; {Kept(birds):p0} of the heads pass head selection.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Threshold {threshold:0.00} has the best mean overlap on {chosenOn} other birds.");
        AppendTable(text, $"Paper's defaults, threshold {PaperThreshold:0.00}", Score(birds, Own, PaperThreshold));
        AppendTable(text, $"Threshold {threshold:0.00}", Score(birds, Own, threshold));
        AppendTable(text, "Swapped query, threshold 0.05", Score(birds, Swapped, PaperThreshold));
        AppendTable(text, "Mean of all heads and layers, threshold 0.05", Score(birds, MeanOfAllHeads, PaperThreshold));
        AppendTable(text, "Ground-truth box", [.. _attributes.Select(attribute => ScoreBox(birds, attribute))]);
        AppendHeads(text, birds);
        return text.ToString();
    }

    /// <summary>Scores maps: which map stands for an attribute is the method's business.</summary>
    private AttributeScore[] Score(GroundedBird[] birds, Func<GroundedBird, string, float[]> mapOf, double threshold) =>
        [.. _attributes.Select(attribute => AttributeScore.Of(attribute, birds.Where(bird => Points(bird, attribute).Length > 0).Select(bird => ScoreMap(bird, attribute, mapOf(bird, attribute), threshold))))];

    private BirdScore ScoreMap(GroundedBird bird, string attribute, float[] map, double threshold)
    {
        ImageGeometry geometry = ImageGeometry.FromVector(bird.Geometry);
        int grid = _model.Configuration.Grid;
        bool[] region = Threshold(map, threshold);
        float[] frame = new float[map.Length];
        geometry.FrameFractions(grid, frame);
        double area = frame.Where((_, cell) => region[cell]).Sum() / frame.Sum();
        bool hit = Points(bird, attribute).Any(point => geometry.TryGetCell(point.X, point.Y, grid, out int row, out int column) && region[row * grid + column]);
        return new BirdScore(hit, area, bird.Parts.Reaches(attribute, Array.IndexOf(map, map.Max())), bird.Parts.Overlap(attribute, region));
    }

    private static AttributeScore ScoreBox(GroundedBird[] birds, string attribute) =>
        AttributeScore.Of(attribute, birds.Where(bird => Points(bird, attribute).Length > 0).Select(bird =>
        {
            ImageGeometry geometry = ImageGeometry.FromVector(bird.Geometry);
            float[] box = bird.BoundingBox;
            bool hit = Points(bird, attribute).Any(point => point.X >= box[0] && point.X < box[0] + box[2] && point.Y >= box[1] && point.Y < box[1] + box[3]);
            return new BirdScore(hit, box[2] * box[3] / ((double)geometry.ImageWidth * geometry.ImageHeight), null, null);
        }));

    private float[] Own(GroundedBird bird, string attribute) => Map(bird, _attributes.ToList().IndexOf(attribute));

    private float[] Swapped(GroundedBird bird, string attribute)
    {
        (string first, string second) = Swaps.First(swap => swap.Item1 == attribute || swap.Item2 == attribute);
        return Own(bird, attribute == first ? second : first);
    }

    private float[] MeanOfAllHeads(GroundedBird bird, string attribute)
    {
        int cells = _model.Configuration.VisualTokens;
        int maps = _model.Configuration.TextLayers * _model.Configuration.TextHeads;
        int start = _attributes.ToList().IndexOf(attribute) * maps * cells;
        float[] mean = new float[cells];
        for (int index = 0; index < maps * cells; index++)
        {
            mean[index % cells] += bird.FineAttention[start + index] / maps;
        }

        return mean;
    }

    private float[] Map(GroundedBird bird, int query) => bird.GroundingMaps.AsSpan(query * _model.Configuration.VisualTokens, _model.Configuration.VisualTokens).ToArray();

    private static (double X, double Y)[] Points(GroundedBird bird, string attribute) =>
        [.. CubParts.KeyPointsOf[attribute].Where(point => bird.KeyPointVisible[point] > 0).Select(point => ((double)bird.KeyPoints[2 * point], (double)bird.KeyPoints[2 * point + 1]))];

    private static bool[] Threshold(float[] map, double threshold)
    {
        double smallest = map.Min();
        double range = map.Max() - smallest;
        return [.. map.Select(value => range > 0 && (value - smallest) / range >= threshold)];
    }

    private static double Kept(GroundedBird[] birds) => birds.Average(bird => bird.KeptHeads.Average());

    private static void AppendTable(StringBuilder text, string title, IReadOnlyList<AttributeScore> scores)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"**{title}**").AppendLine();
        text.AppendLine("| attribute | n | mPIR | hit rate | median area | pointing | IoU |").AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (AttributeScore score in scores.Append(AttributeScore.Mean(scores)))
        {
            text.AppendLine(score.ToMarkdown());
        }
    }

    /// <summary>Where each head's own map peaks, and how often head selection keeps the head: which heads carry the grounding.</summary>
    private void AppendHeads(StringBuilder text, GroundedBird[] birds)
    {
        (int layers, int heads, int cells) = (_model.Configuration.TextLayers, _model.Configuration.TextHeads, _model.Configuration.VisualTokens);
        text.AppendLine().AppendLine("**Heads: share of maps that peak on the queried part / share that head selection keeps**").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| layer | {string.Join(" | ", Enumerable.Range(0, heads).Select(head => $"head {head}"))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", heads))}");
        for (int layer = 0; layer < layers; layer++)
        {
            IEnumerable<string> line = Enumerable.Range(0, heads).Select(head =>
            {
                (int peaks, int kept, int count) = (0, 0, 0);
                foreach (GroundedBird bird in birds)
                {
                    for (int query = 0; query < _attributes.Count; query++)
                    {
                        if (Points(bird, _attributes[query]).Length > 0)
                        {
                            int index = (query * layers + layer) * heads + head;
                            ReadOnlySpan<float> map = bird.FineAttention.AsSpan(index * cells, cells);
                            peaks += bird.Parts.Reaches(_attributes[query], System.Numerics.Tensors.TensorPrimitives.IndexOfMax(map)) ? 1 : 0;
                            kept += bird.KeptHeads[index] > 0 ? 1 : 0;
                            count++;
                        }
                    }
                }

                return string.Create(CultureInfo.InvariantCulture, $"{(double)peaks / count:0.00} / {(double)kept / count:0.00}");
            });
            text.AppendLine(CultureInfo.InvariantCulture, $"| {layer} | {string.Join(" | ", line)} |");
        }
    }
}
