namespace MLNetGrounding.Maths.Scoring;

/// <summary>How the scores of images become one number.</summary>
internal enum ScoreAggregate
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The median; of an even number of scores, the mean of the middle two.</summary>
    Median,
}
