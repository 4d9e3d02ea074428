using MLNetGrounding;

namespace Microsoft.ML;

/// <summary>Predictions for single images, and saving and loading with care: methods of <c>mlContext.Model</c>.</summary>
public static partial class GroundingModelCatalog
{
    /// <summary>Makes an engine that grounds one image at a time.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">
    /// A fitted chain that makes grounding maps, with or without scores, and with or without a trained predictor behind them. Steps that
    /// need what an image alone has not are left out, such as those that load by path; so the chain that was fitted on a table of files
    /// serves as it is.
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
    /// A fitted chain that makes grounding maps, with or without scores, and with or without a trained predictor behind them. Steps that
    /// need what an image alone has not are left out, such as those that load by path; so the chain that was fitted on a table of files
    /// serves as it is.
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

    /// <summary>Makes a pool of engines over one model, for many threads.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">As for <see cref="CreateGroundingEngine(ModelOperationsCatalog, ITransformer, GroundingEngineOptions)"/>.</param>
    /// <param name="engines">
    /// How many engines there are, and so the most images that are grounded at once. The model itself works on all cores, so that more than
    /// a few wait for each other and only take memory. Default 2.
    /// </param>
    /// <param name="regionThreshold">The threshold of the predicted regions; see <see cref="GroundingEngineOptions.RegionThreshold"/>.
    /// Default 0.05.</param>
    /// <param name="ownsModel">Whether the model goes with the pool. Default <see langword="true"/>.</param>
    /// <inheritdoc cref="CreateGroundingEnginePool(ModelOperationsCatalog, ITransformer, GroundingEngineOptions, int)"
    /// path="/returns|/exception"/>
    public static GroundingEnginePool CreateGroundingEnginePool(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        int engines = GroundingEngineOptions.Defaults.Engines,
        double regionThreshold = GroundingEngineOptions.Defaults.RegionThreshold,
        bool ownsModel = true
    ) =>
        CreateGroundingEnginePool(
            catalog,
            model,
            new GroundingEngineOptions { RegionThreshold = regionThreshold, OwnsModel = ownsModel },
            engines
        );

    /// <summary>Makes a pool of engines over one model, for many threads.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">As for <see cref="CreateGroundingEngine(ModelOperationsCatalog, ITransformer, GroundingEngineOptions)"/>.</param>
    /// <param name="options">The names of the model's columns, the threshold of the regions, and whether the model goes with the
    /// pool.</param>
    /// <param name="engines">How many engines there are. Default 2.</param>
    /// <returns>The pool; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is not at least one engine, or the model lacks a column, or one is of another type
    /// or dimensions than expected.</exception>
    public static GroundingEnginePool CreateGroundingEnginePool(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        GroundingEngineOptions options,
        int engines = GroundingEngineOptions.Defaults.Engines
    ) => new(catalog, model, options, engines);
}
