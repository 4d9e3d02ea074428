namespace MLNetGrounding;

/// <summary>How the scores of images become one number.</summary>
public enum ScoreAggregate
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The median; of an even number of scores, the mean of the middle two.</summary>
    Median,
}
