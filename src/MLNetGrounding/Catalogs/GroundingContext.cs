using MLNetGrounding;

namespace Microsoft.ML;

/// <summary>Adds grounding to <see cref="MLContext"/>, beside its own catalogs.</summary>
public static class GroundingContext
{
    /// <param name="context">The context.</param>
    extension(MLContext context)
    {
        /// <summary>
        /// Evaluates grounding. Before C# 14, which is the first to know properties that extend a class: <see cref="GetGrounding"/>.
        /// </summary>
        public GroundingCatalog Grounding => context.GetGrounding();
    }

    /// <summary>Evaluates grounding: the same as <c>context.Grounding</c>, in any version of C#.</summary>
    /// <param name="context">The context.</param>
    public static GroundingCatalog GetGrounding(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new GroundingCatalog(context);
    }
}
