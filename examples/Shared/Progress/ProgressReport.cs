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
    public static void Run(IAnsiConsole console, long total, Action<Action> work)
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

    private static void RunWithBar(IAnsiConsole console, long total, Action<Action> work) =>
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
                work(() => task.Increment(1));
            });

    private static void RunWithLines(IAnsiConsole console, long total, Action<Action> work)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan next = BetweenLines;
        long done = 0;
        work(() =>
        {
            done++;
            if (watch.Elapsed >= next && done < total)
            {
                next = watch.Elapsed + BetweenLines;
                double rate = done / watch.Elapsed.TotalSeconds;
                var left = TimeSpan.FromSeconds((total - done) / rate);
                console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{done} of {total} images, {rate:0.00} images/s, {Durations.Text(left)} left"
                    )
                );
            }
        });
        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{done} of {total} images in {Durations.Text(watch.Elapsed)}, {done / watch.Elapsed.TotalSeconds:0.00} images/s"
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
