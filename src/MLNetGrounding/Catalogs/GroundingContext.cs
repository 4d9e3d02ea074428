using MLNetGrounding;

namespace Microsoft.ML;

/// <summary>Adds grounding to <see cref="MLContext"/>, beside its own catalogs.</summary>
public static class GroundingContext
{
    /// <param name="context">The context.</param>
    extension(MLContext context)
    {
        /// <summary>Evaluates grounding.</summary>
        public GroundingCatalog Grounding
        {
            get
            {
                ArgumentNullException.ThrowIfNull(context);
                return new GroundingCatalog(context);
            }
        }
    }
}
