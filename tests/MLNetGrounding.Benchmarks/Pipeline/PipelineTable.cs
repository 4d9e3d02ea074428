using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>
/// Image files through the whole pipeline to scores, with and without reading ahead, and how much of the time is not the model's.
/// </summary>
internal static class PipelineTable
{
    public static void Print()
    {
        MarkdownTable table = new(
            "From image files to scores, ten queries",
            "model",
            "images",
            "rows read ahead",
            "images/s",
            "model, s per image",
            "outside the model"
        );
        using ScratchFolder folder = new();
        string birds = Path.Combine(folder.Path, "birds");
        SampleBirds.Write(birds, new SampleBirdsOptions { Seeds = SampleSeeds.ThresholdChoice, Count = 100 });
        Add(table, "sample", SampleLlava.Directory, birds, images: 100, rounds: 3);
        string billion = Path.Combine(folder.Path, "billion");
        RandomCheckpoint.Write(billion, Checkpoints.Billion, seed: 1, ScalarType.BFloat16);
        Add(table, "a billion parameters, bfloat16", billion, birds, images: 3, rounds: 1);
        table.Print();
    }

    private static void Add(MarkdownTable table, string name, string model, string birds, int images, int rounds)
    {
        using var llava = VisionLanguageModel.Load(model);
        using ModelTime inModel = new();
        foreach (int readAhead in (int[])[0, 2])
        {
            List<(double Total, double Model)> runs = [];
            for (int round = -1; round < rounds; round++)
            {
                double before = inModel.Seconds;
                long start = Stopwatch.GetTimestamp();
                Ground(llava, birds, images, readAhead);
                runs.Add((Stopwatch.GetElapsedTime(start).TotalSeconds, inModel.Seconds - before));
            }

            // The first run warms up; the one with the median time gives both numbers.
            (double total, double spent) = runs.Skip(1).OrderBy(run => run.Total).ElementAt(rounds / 2);
            table.Add(name, $"{images}", $"{readAhead}", $"{images / total:f2}", $"{spent / images:f4}", $"{1 - (spent / total):P1}");
        }
    }

    private static void Ground(VisionLanguageModel llava, string birds, int images, int readAhead)
    {
        MLContext context = new();
        IDataView rows = context.Data.LoadCub(birds, limit: images);
        EstimatorChain<MpirEvaluatorTransformer> pipeline = context
            .Transforms.LoadGroundingImages()
            .Append(
                context.Transforms.ExtractAttention(
                    new AttentionExtractorOptions
                    {
                        Model = llava,
                        Words = CubParts.Attributes,
                        ReadAhead = readAhead,
                    }
                )
            )
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Append(context.Transforms.EvaluateMpir());
        using TransformerChain<MpirEvaluatorTransformer> chain = pipeline.Fit(rows);
        context.Grounding.Evaluate(chain.Transform(rows));
    }
}
