using Microsoft.ML;
using MLNetGrounding;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers pools of engines that ground images.</summary>
public static class GroundingEngineServiceExtensions
{
    /// <summary>
    /// Registers a <see cref="GroundingEnginePool"/> over a saved model: one for the application, made when it is first asked for, and
    /// disposed with the services, the model included.
    /// </summary>
    /// <param name="services">
    /// The services. Where an <see cref="MLContext"/> is among them, it is used, and its log, seed and GPU with it; else a new one.
    /// </param>
    /// <param name="modelPath">
    /// The file that <c>mlContext.Model.Save</c> or <c>SaveGrounding</c> wrote. It is read by <c>LoadGrounding</c>, which looks it through
    /// first; for a model of components that it does not know, hand over how to load it.
    /// </param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGroundingEngine(
        this IServiceCollection services,
        string modelPath,
        Action<GroundingEngineServiceOptions>? configure = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        return Add(services, (context, provider, options) => context.Model.LoadGrounding(modelPath, out _, options.Resolver), configure);
    }

    /// <summary>
    /// Registers a <see cref="GroundingEnginePool"/> over a model that the application makes: one for the application, made when it is first
    /// asked for, and disposed with the services, the model included unless the options say otherwise.
    /// </summary>
    /// <param name="services">
    /// The services. Where an <see cref="MLContext"/> is among them, it is used, and its log, seed and GPU with it; else a new one.
    /// </param>
    /// <param name="model">Makes or loads the model, once.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGroundingEngine(
        this IServiceCollection services,
        Func<IServiceProvider, MLContext, ITransformer> model,
        Action<GroundingEngineServiceOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        return Add(services, (context, provider, _) => model(provider, context), configure);
    }

    private static IServiceCollection Add(
        IServiceCollection services,
        Func<MLContext, IServiceProvider, GroundingEngineServiceOptions, ITransformer> load,
        Action<GroundingEngineServiceOptions>? configure
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        GroundingEngineServiceOptions options = new();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Engines);
        ArgumentNullException.ThrowIfNull(options.Engine);
        return options.ServiceKey is { } key
            ? services.AddKeyedSingleton(key, (provider, _) => Make(provider))
            : services.AddSingleton(Make);

        GroundingEnginePool Make(IServiceProvider provider)
        {
            MLContext context = provider.GetService<MLContext>() ?? new MLContext();
            ITransformer model = load(context, provider, options);
            try
            {
                return context.Model.CreateGroundingEnginePool(model, options.Engine, options.Engines);
            }
            catch
            {
                // Nobody else knows the model yet.
                if (options.Engine.OwnsModel)
                {
                    (model as IDisposable)?.Dispose();
                }

                throw;
            }
        }
    }
}
