using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNetGrounding.Examples;

/// <summary>Shows how far the job is: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal static class ProgressReport
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="work"/>, which calls its argument after each image.</summary>
    public static void Run(IAnsiConsole console, long total, Action<Action> work) =>
        RunResumed(console, total, advance => work(() => advance(true)));

    /// <summary>
    /// Runs <paramref name="work"/>, which calls its argument after each image and says whether this run computed it: speed and time left
    /// are those of this run, whatever an earlier one did.
    /// </summary>
    public static void RunResumed(IAnsiConsole console, long total, Action<Action<bool>> work)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            RunWithBar(console, total, work);
        }
        else
        {
            RunWithLines(console, total, work);
        }
    }

    /// <summary>What is said meanwhile, or null before this run has computed an image.</summary>
    /// <param name="done">The images done, those of earlier runs among them.</param>
    /// <param name="computed">Those of this run.</param>
    /// <param name="total">All images.</param>
    /// <param name="elapsed">How long this run has taken.</param>
    public static string? Line(long done, long computed, long total, TimeSpan elapsed)
    {
        if (computed == 0 || elapsed <= TimeSpan.Zero)
        {
            return null;
        }

        double rate = computed / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds((total - done) / rate);
        string earlier = computed < done ? $" ({done - computed} of them by an earlier run)" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{done} of {total} images{earlier}, {rate:0.00} images/s, {Durations.Text(left)} left"
        );
    }

    private static void RunWithBar(IAnsiConsole console, long total, Action<Action<bool>> work) =>
        console
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new CountColumn(),
                new RemainingTimeColumn(),
                new SpinnerColumn()
            )
            .Start(context =>
            {
                ProgressTask task = context.AddTask("images", maxValue: total);
                work(isComputed =>
                {
                    if (isComputed)
                    {
                        task.Increment(1);
                    }
                    else
                    {
                        // The bar is of what this run has to do.
                        task.MaxValue--;
                    }
                });
            });

    private static void RunWithLines(IAnsiConsole console, long total, Action<Action<bool>> work)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan next = BetweenLines;
        (long done, long computed) = (0, 0);
        work(isComputed =>
        {
            done++;
            computed += isComputed ? 1 : 0;
            if (watch.Elapsed >= next && done < total && Line(done, computed, total, watch.Elapsed) is { } line)
            {
                next = watch.Elapsed + BetweenLines;
                console.WriteLine(line);
            }
        });
        string earlier = computed < done ? $" ({done - computed} of them by an earlier run)" : "";
        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{done} of {total} images{earlier} in {Durations.Text(watch.Elapsed)}, {computed / watch.Elapsed.TotalSeconds:0.00} images/s"
            )
        );
    }

    /// <summary>Images done and images per second.</summary>
    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            double rate = task.ElapsedTime is { TotalSeconds: > 0 } elapsed ? task.Value / elapsed.TotalSeconds : 0;
            return new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:0}/{task.MaxValue:0}  {rate:0.00}/s"));
        }
    }
}
