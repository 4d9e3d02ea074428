using System.Diagnostics;
using Microsoft.ML;

namespace ClassifyBirds;

/// <summary>The job: extract once, train on each kind of features with each trainer, and report.</summary>
internal sealed class ClassifyBirdsJob(ClassifyBirdsSettings settings, TextWriter output)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public IReadOnlyList<ClassifiedFeatures> Run(CancellationToken cancellationToken)
    {
        var context = new MLContext(settings.Seed);
        string file = new BirdExtraction(context, settings).Run(cancellationToken);
        BirdData data = BirdData.Load(context, file);
        var report = new ClassificationReport(output, hasPairs: settings.Cub is null);
        report.Announce(data, settings, _clock.Elapsed);

        var sets = new FeatureSets(data, settings.Seed);
        var runs =
            from trainer in SpeciesClassifier.Trainers
            from set in sets.All
            select (trainer, set);
        ClassifiedFeatures[] results = [.. runs.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(run => Classify(data, run.trainer, run.set))];
        report.PrintTable(results);
        report.PrintConfusion(results.First(result => result.Set.Key == "b").Result);
        report.PrintImportance(Importance(data, sets.Grounding));
        output.WriteLine($"Took {_clock.Elapsed.TotalSeconds:0} s.");
        return results;
    }

    /// <summary>With a context of its own, so that the order of the runs does not change what they draw.</summary>
    private ClassifiedFeatures Classify(BirdData data, string trainer, FeatureSet set)
    {
        var classifier = new SpeciesClassifier(new MLContext(settings.Seed), settings, data);
        ITransformer model = classifier.Train(trainer, classifier.Featurize(set, train: true));
        return new ClassifiedFeatures(trainer, set, classifier.Classify(model, classifier.Featurize(set, train: false)));
    }

    private IReadOnlyList<PartImportance> Importance(BirdData data, FeatureSet set)
    {
        var context = new MLContext(settings.Seed);
        var classifier = new SpeciesClassifier(context, settings, data);
        ITransformer model = classifier.Train(SpeciesClassifier.Sdca, classifier.Featurize(set, train: true));
        return PartImportance.Measure(context, classifier, model, classifier.Featurize(set, train: false), set.Queries, settings.Seed);
    }
}
