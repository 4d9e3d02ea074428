using Microsoft.ML;

namespace MLNetGrounding;

/// <summary>Evaluates grounding: what <c>mlContext.Grounding</c> offers.</summary>
public sealed class GroundingCatalog
{
    internal GroundingCatalog()
    {
    }

    /// <summary>Sums up the scores that <see cref="MpirEvaluatorTransformer"/> added to a view. The view is read once, row by row.</summary>
    /// <param name="data">A view with the three score columns.</param>
    /// <param name="hitColumnName">1 for a hit, 0 for a miss, NaN where not scored: floats <c>[queries]</c>.</param>
    /// <param name="areaColumnName">The region's share of the image's frame: floats <c>[queries]</c>.</param>
    /// <param name="mpirColumnName">1 / area for a hit, else 0: floats <c>[queries]</c>.</param>
    /// <returns>The metrics of each attribute and overall.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or the three are not float vectors of the same known size.</exception>
#pragma warning disable CA1822 // A catalog's methods are instance methods, so that they are found on the context.
    public GroundingMetrics Evaluate(
        IDataView data,
        string hitColumnName = "Hit",
        string areaColumnName = "Area",
        string mpirColumnName = "Mpir")
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(data);
        return GroundingMetrics.Read(data, hitColumnName, areaColumnName, mpirColumnName);
    }
}
