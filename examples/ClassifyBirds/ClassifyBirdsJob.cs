using System.Diagnostics;
using Microsoft.ML;
using MLNetGrounding;
using Spectre.Console;

namespace ClassifyBirds;

/// <summary>The job: extract once, train on each kind of features with each trainer, and report.</summary>
internal sealed class ClassifyBirdsJob(ClassifyBirdsSettings settings, TextWriter output, TextWriter error)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly IAnsiConsole _messages = Consoles.On(error);

    public IReadOnlyList<ClassifiedFeatures> Run(CancellationToken cancellationToken)
    {
        // What this run trains on stays in the folder until it ends.
        using var folder = FolderLock.Take(settings.Out);
        var context = new MLContext(settings.Seed);
        string file = new BirdExtraction(context, settings, _messages).Run(cancellationToken);
        var data = BirdData.Load(context, file);
        var report = new ClassificationReport(output, hasPairs: settings.Data.Cub is null);
        report.Announce(data, settings, _clock.Elapsed);

        // One kind of features at a time is in memory.
        var sets = new FeatureSets(data, settings.Seed);
        List<ClassifiedFeatures> all = [];
        IReadOnlyList<PartImportance> importance = [];
        foreach (FeatureSet set in sets.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var features = PooledFeatures.Of(
                data,
                set,
                new PoolingOptions { Weights = settings.Pooling, RegionThreshold = settings.Threshold }
            );
            all.AddRange(
                SpeciesClassifier
                    .Trainers.AsParallel()
                    .AsOrdered()
                    .WithCancellation(cancellationToken)
                    .Select(trainer => Classify(features, trainer, set))
            );
            if (set.Key == "b")
            {
                importance = Importance(features, set);
            }
        }

        ClassifiedFeatures[] results =
        [
            .. SpeciesClassifier.Trainers.SelectMany(trainer => all.Where(result => result.Trainer == trainer)),
        ];
        report.PrintTable(results);
        report.PrintConfusion(results.First(result => result.Set.Key == "b").Result);
        report.PrintImportance(importance);
        output.WriteLine($"Took {_clock.Elapsed.TotalSeconds:0} s.");
        return results;
    }

    /// <summary>With a context of its own, so that the order of the runs does not change what they draw.</summary>
    private ClassifiedFeatures Classify(PooledFeatures features, string trainer, FeatureSet set)
    {
        var context = new MLContext(settings.Seed);
        var classifier = new SpeciesClassifier(context, settings.Seed);
        ITransformer model = classifier.Train(trainer, features.View(context, train: true));
        return new ClassifiedFeatures(trainer, set, classifier.Classify(model, features.View(context, train: false)));
    }

    private IReadOnlyList<PartImportance> Importance(PooledFeatures features, FeatureSet set)
    {
        var context = new MLContext(settings.Seed);
        var classifier = new SpeciesClassifier(context, settings.Seed);
        ITransformer model = classifier.Train(SpeciesClassifier.Sdca, features.View(context, train: true));
        return PartImportance.Measure(context, classifier, model, features.View(context, train: false), set.Queries, settings.Seed);
    }
}
