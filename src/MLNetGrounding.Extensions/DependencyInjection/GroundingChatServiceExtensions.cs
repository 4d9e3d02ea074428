using Microsoft.Extensions.AI;
using MLNetGrounding;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers chat clients of local models.</summary>
public static class GroundingChatServiceExtensions
{
    /// <summary>
    /// Registers a local model as the <see cref="IChatClient"/> of the application: one for all, opened when it is first asked for, and
    /// disposed with the services.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="modelDirectory">
    /// The checkpoint folder, or the name of a model in the cache of Hugging Face's tools, as for <see cref="VisionLanguageModel.Load"/>.
    /// </param>
    /// <param name="options">How it answers, or <see langword="null"/> for the defaults.</param>
    /// <param name="modelOptions">Device and precision, or <see langword="null"/> for the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGroundingChatClient(
        this IServiceCollection services,
        string modelDirectory,
        GroundingChatClientOptions? options = null,
        VisionLanguageModelOptions? modelOptions = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(modelDirectory);
        return services.AddSingleton<IChatClient>(_ =>
        {
            using var model = VisionLanguageModel.Load(modelDirectory, modelOptions);
            return new GroundingChatClient(model, options);
        });
    }
}
