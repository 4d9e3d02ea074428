using System.Diagnostics;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>Time and memory of a model of LLaVA 1.5 7B's shape, from bfloat16 shards and from the hub's float16 shards.</summary>
internal static class SevenBillionTable
{
    private const int FineQueries = 10;
    private const int SuffixTokens = 16;
    private const int ReadBytes = 1 << 24;

    public static void Print()
    {
        MarkdownTable table = new(
            $"LLaVA 1.5 7B's shape ({Checkpoints.Parameters(Checkpoints.SevenBillion) / 1e9:f1} G parameters), {FineQueries} fine queries and a coarse one of {SuffixTokens} tokens",
            "shards",
            "on disk, GB",
            "disk, GB/s",
            "load, s",
            "first image, s",
            "second image, s",
            "floor: reading, s",
            "floor: products, s",
            "anonymous after load, GB",
            "peak above that, GB"
        );
        foreach (ScalarType type in new[] { ScalarType.BFloat16, ScalarType.Float16 })
        {
            using ScratchFolder folder = new();
            Checkpoints.SevenBillion.Write(folder.Path, StoredType.TorchName(type));
            long bytes = RandomWeights.Write(folder.Path, type) * StoredType.Size(type);
            PageCache.Drop(folder.Path);
            double bytesPerSecond = ReadSpeed(folder.Path);
            PageCache.Drop(folder.Path);
            Measure(table, folder.Path, type, bytes, bytesPerSecond);
        }

        table.Print();
    }

    private static void Measure(MarkdownTable table, string directory, ScalarType type, long bytes, double bytesPerSecond)
    {
        long start = Stopwatch.GetTimestamp();
        using Workload workload = new(directory);
        double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
        PreparedPrompt prompt = workload.Prompt(FineQueries, SuffixTokens, new CoarseFlowOptions());
        double rate = ProductRate(prompt);
        long loaded = MemoryWatch.AnonymousBytes();
        using MemoryWatch watch = new();
        start = Stopwatch.GetTimestamp();
        workload.Capture(prompt);
        double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        workload.Capture(prompt);
        double second = Stopwatch.GetElapsedTime(start).TotalSeconds;
        table.Add(
            $"{type}",
            $"{bytes / 1e9:f1}",
            $"{bytesPerSecond / 1e9:f2}",
            $"{load:f1}",
            $"{first:f0}",
            $"{second:f0}",
            $"{bytes / bytesPerSecond:f0}",
            $"{Operations(prompt) / rate:f0} ({rate / 1e9:f0} GFLOP/s)",
            $"{loaded / 1e9:f2}",
            $"{(watch.Peak - loaded) / 1e9:f2}"
        );
    }

    /// <summary>Bytes per second that the shards are read with, one after the other.</summary>
    private static double ReadSpeed(string directory)
    {
        byte[] buffer = new byte[ReadBytes];
        long bytes = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (string path in Directory.GetFiles(directory, "*.safetensors"))
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                bytes += read;
            }
        }

        return bytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Multiplications and additions of a capture's weight products: two per parameter and token, the language model's last layer but for
    /// queries and keys left out.
    /// </summary>
    private static double Operations(PreparedPrompt prompt)
    {
        double tokens = Workload.PrefixLength(prompt) + prompt.Suffixes.Sum(suffix => suffix.TokenIds.Count);
        LlavaShape shape = Checkpoints.SevenBillion;
        double width = shape.TextHiddenSize;
        double attention = 4 * width * width;
        double layer = attention + (3 * width * shape.TextIntermediateSize);
        double vision = shape.VisionHiddenSize;
        double visionLayer = (4 * vision * vision) + (2 * vision * shape.VisionIntermediateSize);
        return 2
            * (
                (tokens * (((shape.TextLayers - 1) * layer) + (attention / 2)))
                + (prompt.VisualTokens * ((shape.VisionLayersToRun * visionLayer) + (vision * width) + (width * width)))
            );
    }

    /// <summary>Operations per second of a product of a capture's size in the type that hidden states have.</summary>
    private static double ProductRate(PreparedPrompt prompt)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        ScalarType type = HalfPrecision.IsFastOnCpu ? ScalarType.BFloat16 : ScalarType.Float32;
        long tokens = Workload.PrefixLength(prompt) + prompt.Suffixes.Sum(suffix => suffix.TokenIds.Count);
        int width = Checkpoints.SevenBillion.TextHiddenSize;
        Tensor hidden = randn([tokens, width]).to(type);
        Tensor weight = randn([width, width]).to(type);
        double seconds = Interleaved.Seconds(3, () => LinearWeights.Apply(hidden, weight).Dispose())[0];
        return 2.0 * tokens * width * width / seconds;
    }
}
