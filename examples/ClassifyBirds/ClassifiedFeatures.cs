namespace ClassifyBirds;

/// <summary>One line of the table: features, trainer, and what came of them.</summary>
internal sealed record ClassifiedFeatures(string Trainer, FeatureSet Set, Classification Result)
{
    public Interval Accuracy => Interval.OfShare(Result.Correct.Count(correct => correct), Result.Rows.Count);

    public Interval PairAccuracy => Interval.OfShare(Result.CorrectInPair.Count(correct => correct), Result.Rows.Count);
}
