namespace MLNetGrounding;

/// <summary>
/// Names the seeds of every use of the sample birds, disjoint so that no bird serves two uses. A seed draws a bird or, elsewhere, a car.
/// </summary>
public static class SampleSeeds
{
    /// <summary>
    /// Gets the birds of the demonstration that runs by default: 24, or as many as are asked for.
    /// </summary>
    public static SampleSeedRange Demo { get; } = new("demo", 1_000_000, 100_000) { DefaultCount = 24 };

    /// <summary>
    /// Gets the birds on which thresholds and hyperparameters are chosen.
    /// </summary>
    public static SampleSeedRange ThresholdChoice { get; } = new("threshold-choice", 2_000_000, 500);

    /// <summary>
    /// Gets the birds of the table that compares the methods.
    /// </summary>
    public static SampleSeedRange Table { get; } = new("table", 3_000_000, 500);

    /// <summary>
    /// Gets the birds, or cars, on which the accuracy of the sample model's answers is measured.
    /// </summary>
    public static SampleSeedRange Accuracy { get; } = new("accuracy", 4_000_000, 1_000);

    /// <summary>
    /// Gets the birds that species classifiers are trained and tested on; the data set's split tells which bird is for what.
    /// </summary>
    public static SampleSeedRange Classifier { get; } = new("classifier", 5_000_000, 2_400);

    /// <summary>
    /// Gets the birds and cars that train the sample model.
    /// </summary>
    public static SampleSeedRange Train { get; } = new("train", 1_000_000_000, 1_000_000_000);

    /// <summary>
    /// Gets all ranges.
    /// </summary>
    public static IReadOnlyList<SampleSeedRange> All { get; } = [Demo, ThresholdChoice, Table, Accuracy, Classifier, Train];
}
