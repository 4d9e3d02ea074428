namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// What the best of many reaches that all know nothing: who looks at a thousand heads finds one that seems to see.
/// </summary>
internal static class BestByChance
{
    /// <summary>
    /// The hit rate that the best of <paramref name="heads"/>, each with binomially distributed hits and independent of the others, exceeds
    /// with a probability of at most 1 - <paramref name="confidence"/>.
    /// </summary>
    /// <param name="heads">How many there are, at least 1.</param>
    /// <param name="images">On how many images each is judged, at least 1.</param>
    /// <param name="chance">The probability of a hit on each image, from 0 to 1.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    public static double HitRate(int heads, int images, double chance, double confidence)
    {
        if (chance is <= 0 or >= 1)
        {
            return chance;
        }
        // Each must stay below with this probability: the smallest count whose tail is no more likely than the rest.
        double tail = -double.ExpM1(Math.Log(confidence) / heads);
        double above = 0.0;
        for (int hits = images; hits > 0; hits--)
        {
            above += Math.Exp(LogProbability(hits, images, chance));
            if (above > tail)
            {
                return (double)hits / images;
            }
        }
        return 0;
    }

    private static double LogProbability(int hits, int images, double chance)
    {
        double logarithm = hits * Math.Log(chance) + (images - hits) * Math.Log(1 - chance);
        for (int index = 1; index <= Math.Min(hits, images - hits); index++)
        {
            logarithm += Math.Log((double)(images - index + 1) / index);
        }
        return logarithm;
    }
}
