using MLNetGrounding;

namespace Microsoft.ML;

/// <summary>Predictions for single images, and saving and loading with care: methods of <c>mlContext.Model</c>.</summary>
public static partial class GroundingModelCatalog
{
    /// <summary>Makes an engine that grounds one image at a time.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">
    /// A fitted chain up to the grounding maps, with or without scores. Steps that <c>LoadGroundingImages</c> made are left out, because
    /// the engine is handed its images; so the chain that was fitted on a table of files serves as it is.
    /// </param>
    /// <param name="regionThreshold">The threshold of the predicted regions; see <see cref="GroundingEngineOptions.RegionThreshold"/>.
    /// Default 0.05.</param>
    /// <param name="ownsModel">Whether disposing the engine disposes the model. Default <see langword="true"/>, as ML.NET's own engines
    /// do.</param>
    /// <inheritdoc cref="CreateGroundingEngine(ModelOperationsCatalog, ITransformer, GroundingEngineOptions)" path="/returns|/exception"/>
    public static GroundingEngine CreateGroundingEngine(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        double regionThreshold = GroundingEngineOptions.Defaults.RegionThreshold,
        bool ownsModel = true
    ) => CreateGroundingEngine(catalog, model, new GroundingEngineOptions { RegionThreshold = regionThreshold, OwnsModel = ownsModel });

    /// <summary>Makes an engine that grounds one image at a time.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">
    /// A fitted chain up to the grounding maps, with or without scores. Steps that <c>LoadGroundingImages</c> made are left out, because
    /// the engine is handed its images; so the chain that was fitted on a table of files serves as it is.
    /// </param>
    /// <param name="options">The names of the model's columns, the threshold of the regions, and whether the model goes with the
    /// engine.</param>
    /// <returns>The engine, for one thread at a time; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The model lacks a column, or one is of another type or dimensions than
    /// expected.</exception>
    public static GroundingEngine CreateGroundingEngine(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        GroundingEngineOptions options
    ) => new(catalog, model, options);
}
