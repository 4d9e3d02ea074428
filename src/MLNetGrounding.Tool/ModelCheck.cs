using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

/// <summary>Opens a model and grounds one image: what it takes, and what it is asked.</summary>
internal static class ModelCheck
{
    public static void Run(
        string directory,
        string imagePath,
        string[] words,
        string? coarse,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        using MLImage image = ImageFile.Load(imagePath);
        long before = Peak();
        long start = Stopwatch.GetTimestamp();
        using var model = VisionLanguageModel.Load(directory);
        TimeSpan opened = Stopwatch.GetElapsedTime(start);
        string? objectWord = coarse ?? model.Profile.Object;
        AttentionQuery[] queries =
        [
            .. objectWord is null ? (AttentionQuery[])[] : [AttentionQuery.Coarse(objectWord)],
            .. words.Select(AttentionQuery.Fine),
        ];
        PreparedPrompt prompt = model.Prepare(queries);
        var tokenizer = TextTokenizer.Open(directory);
        foreach (AttentionQuery query in queries)
        {
            output.WriteLine($"{"tokens", -10} {Tokens(prompt, query.Name, tokenizer)}");
        }

        // Twice: the first image also reads the weights from the disk.
        RgbImage pixels = ImageFile.ToRgb(image);
        TimeSpan first = Capture(model, pixels, prompt, cancellationToken);
        TimeSpan second = Capture(model, pixels, prompt, cancellationToken);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{"time", -10} {opened.TotalSeconds:0.00} s to open, {first.TotalSeconds:0.00} s for the first image, {second.TotalSeconds:0.00} s for the same again"
            )
        );
        output.WriteLine($"{"memory", -10} {Sizes.Text(Peak())} at most, {Sizes.Text(before)} of it before the model was opened");
    }

    private static TimeSpan Capture(VisionLanguageModel model, RgbImage image, PreparedPrompt prompt, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        model.Capture(image, prompt, cancellationToken);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The prompt token by token; what is asked about stands in brackets.</summary>
    private static string Tokens(PreparedPrompt prompt, string query, TextTokenizer tokenizer)
    {
        HashSet<int> asked = [.. prompt.AskedPositionsOf(query)];
        return string.Join(
            '|',
            prompt
                .TokenIdsOf(query)
                .Select(
                    (id, position) =>
                    {
                        string text = (tokenizer.TextOf(id) ?? $"#{id}").ReplaceLineEndings("\\n");
                        return asked.Contains(position) ? $"[{text}]" : text;
                    }
                )
        );
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        return process.PeakWorkingSet64;
    }
}
