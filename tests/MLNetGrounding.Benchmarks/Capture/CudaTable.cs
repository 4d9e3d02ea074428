using System.Diagnostics;
using MLNetGrounding.Models;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>A CUDA device: whether it computes what the CPU computes, and how fast it is on a model of LLaVA 1.5 7B's shape.</summary>
internal static class CudaTable
{
    private const int FineQueries = 10;
    private const int SuffixTokens = 16;
    private const int Images = 5;

    public static void Print()
    {
        if (!cuda.is_available())
        {
            Console.WriteLine("There is no CUDA device, or no CUDA back end: build with -p:TorchBackend=cuda.\n");
            return;
        }

        PrintAgreement();
        PrintShapes();
        PrintSevenBillion();
    }

    private static void PrintShapes()
    {
        MarkdownTable table = new(
            $"Models of a laptop's size in bfloat16 on the device, random weights, {FineQueries} fine queries and a coarse one with its flow",
            "model",
            "image as",
            "tokens run",
            "load, s",
            "first image, s",
            $"next {Images}: median, s"
        );
        foreach (RealShape shape in RealShape.All)
        {
            using ScratchFolder folder = new();
            shape.Write(folder.Path);
            foreach ((string name, CaptureOptions options) in shape.Settings)
            {
                long start = Stopwatch.GetTimestamp();
                using Workload workload = new(
                    SharedCheckpoint.Load(folder.Path, Options(ModelDevice.Cuda, ModelPrecision.BFloat16)),
                    options
                );
                double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
                PreparedPrompt prompt = workload.Prompt(FineQueries, shape.Fine, new CoarseFlowOptions(), shape.Prefix, shape.Coarse);
                start = Stopwatch.GetTimestamp();
                workload.Capture(prompt);
                double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
                double next = Interleaved.Seconds(Images, () => workload.Capture(prompt))[0];
                int tokens = shape.Prefix + workload.VisualTokens + shape.Coarse + (FineQueries * shape.Fine);
                table.Add(shape.Name, name, $"{tokens}", $"{load:f1}", $"{first:f2}", $"{next:f3}");
                Console.Error.WriteLine($"{DateTime.Now:T} {shape.Name}, {name}: {next:f3} s");
            }
        }

        table.Print();
    }

    private static void PrintAgreement()
    {
        AttentionCapture onCpu = Capture(SampleLlava.Directory, ModelDevice.Cpu, ModelPrecision.Float32);
        MarkdownTable table = new(
            "The sample model: largest difference from the CPU in float32",
            "precision on the device",
            "fine attention",
            "coarse attention",
            "coarse flow"
        );
        foreach (ModelPrecision precision in new[] { ModelPrecision.Float32, ModelPrecision.BFloat16, ModelPrecision.Float16 })
        {
            AttentionCapture onDevice = Capture(SampleLlava.Directory, ModelDevice.Cuda, precision);
            table.Add(
                $"{precision}",
                $"{Difference(onCpu.FineAttention, onDevice.FineAttention):e1}",
                $"{Difference(onCpu.CoarseAttention, onDevice.CoarseAttention):e1}",
                $"{Difference(onCpu.CoarseFlow, onDevice.CoarseFlow):e1}"
            );
        }

        table.Print();
    }

    private static void PrintSevenBillion()
    {
        using ScratchFolder folder = new();
        Checkpoints.SevenBillion.Write(folder.Path, StoredType.TorchName(ScalarType.BFloat16));
        RandomWeights.Write(folder.Path, ScalarType.BFloat16);
        MarkdownTable table = new(
            $"LLaVA 1.5 7B's shape in bfloat16 on the device, {FineQueries} fine queries and a coarse one of {SuffixTokens} tokens",
            "flow",
            "load, s",
            "first image, s",
            $"next {Images}: median, s"
        );
        foreach (CoarseFlowOptions? flow in new CoarseFlowOptions?[] { new(), null })
        {
            long start = Stopwatch.GetTimestamp();
            using Workload workload = new(folder.Path, Options(ModelDevice.Cuda, ModelPrecision.BFloat16));
            double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
            PreparedPrompt prompt = workload.Prompt(FineQueries, SuffixTokens, flow);
            start = Stopwatch.GetTimestamp();
            workload.Capture(prompt);
            double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double next = Interleaved.Seconds(Images, () => workload.Capture(prompt))[0];
            table.Add(flow is null ? "none" : "the paper's", $"{load:f1}", $"{first:f2}", $"{next:f3}");
        }

        table.Print();
    }

    private static AttentionCapture Capture(string directory, ModelDevice device, ModelPrecision precision)
    {
        using Workload workload = new(directory, Options(device, precision));
        return workload.Capture(workload.Prompt(FineQueries, SuffixTokens, new CoarseFlowOptions()));
    }

    private static VisionLanguageModelOptions Options(ModelDevice device, ModelPrecision precision) =>
        new() { Device = device, Precision = precision };

    private static float Difference(float[] first, float[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Max();
}
